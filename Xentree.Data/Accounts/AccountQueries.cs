using Microsoft.EntityFrameworkCore;

namespace Xentree.Data.Accounts;

/// <summary>Questions about accounts that several operations ask.</summary>
public static class AccountQueries
{
    /// <summary>The index that keeps addresses unique.</summary>
    public const string EmailIndex = "ix_users_email_key";

    extension(XentreeDbContext context)
    {
        /// <summary>The account with this username or this e-mail address.</summary>
        public Task<User?> FindUserByLoginAsync(string login, CancellationToken cancellation)
        {
            var key = User.Key(login);
            // A username holds no @, so a text can only be one of the two.
            return key.Contains('@', StringComparison.Ordinal)
                ? context.Users.SingleOrDefaultAsync(u => u.EmailKey == key, cancellation)
                : context.Users.SingleOrDefaultAsync(u => u.UsernameKey == key, cancellation);
        }

        /// <summary>
        /// The account, locked until the transaction ends. Rows that refer to it can still be added, so whoever holds a learner's lock and
        /// adds some does not wait for this.
        /// </summary>
        public Task<User?> LockUserAsync(Guid userId, CancellationToken cancellation) =>
            context.Users.FromSql($"select * from users where id = {userId} for no key update").SingleOrDefaultAsync(cancellation);

        /// <summary>
        /// Locks the learner until the transaction ends, before the account: in that order all who write learning take the two, or they would
        /// wait for each other.
        /// </summary>
        public Task LockLearnerAsync(Guid userId, CancellationToken cancellation) =>
            context.Database.ExecuteSqlAsync($"select 1 from learners where user_id = {userId} for update", cancellation);

        /// <summary>
        /// The account, locked so that nothing can be added to it any more; the learner's lock comes first.
        /// </summary>
        public async Task<User?> LockUserForErasureAsync(Guid userId, CancellationToken cancellation)
        {
            await context.LockLearnerAsync(userId, cancellation);
            return await context.Users.FromSql($"select * from users where id = {userId} for update").SingleOrDefaultAsync(cancellation);
        }

        /// <summary>The sessions of an account that have not ended.</summary>
        public IQueryable<SignInSession> OpenSessions(Guid userId) =>
            context.SignInSessions.Where(s => s.UserId == userId && s.EndedAt == null);

        /// <summary>
        /// Locks an account, and every administrator's, until the transaction ends. Who takes the last administrator's role away waits for
        /// whoever does the same; and nobody signs in to the account meanwhile, so a list of its sessions read under the lock is complete.
        /// </summary>
        public Task<List<User>> LockWithAdministratorsAsync(Guid userId, CancellationToken cancellation) =>
            context.Users.FromSql($"select * from users where id = {userId} or role = {nameof(UserRole.Admin)} order by id for update").ToListAsync(cancellation);
    }
}
