using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Xentree.Data.Accounts;

internal sealed class AccountConfiguration :
    IEntityTypeConfiguration<User>, IEntityTypeConfiguration<SignInSession>, IEntityTypeConfiguration<RefreshToken>
{
    private const string UsernameIndex = "ix_users_username_key";

    public void Configure(EntityTypeBuilder<User> user)
    {
        user.ToTable("users");
        user.HasIndex(u => u.UsernameKey).IsUnique().HasDatabaseName(UsernameIndex);
        user.HasIndex(u => u.EmailKey).IsUnique().HasDatabaseName(AccountQueries.EmailIndex);
        user.HasIndex(u => u.PictureBlob).IsUnique();
    }

    public void Configure(EntityTypeBuilder<SignInSession> session)
    {
        session.ToTable("sign_in_sessions");
        session.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
        session.HasIndex(s => new { s.UserId, s.Id });
        session.HasIndex(s => s.ExpiresAt);
    }

    public void Configure(EntityTypeBuilder<RefreshToken> token)
    {
        token.ToTable("refresh_tokens");
        token.HasOne<SignInSession>().WithMany().HasForeignKey(t => t.SessionId);
        token.HasIndex(t => new { t.SessionId, t.Generation }).IsUnique();
    }
}
