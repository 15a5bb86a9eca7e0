using NodaTime;
using Xentree.Data.Accounts;
using Xentree.Domain;

namespace Xentree.Data.Ai;

/// <summary>
/// A user's tokens of a day, as one chat spends them: reserved before a provider is asked, settled after. It goes by the real clock, for
/// users on a clock of their own too: what a model costs is paid by the installation, and not with time that somebody made up.
/// </summary>
public sealed class AiAccount(XentreeDbContext context, AiBudgetOptions options, TimeProvider time, Owner owner, UserPlan plan)
{
    private readonly List<Guid> _reserved = [];
    private readonly LocalDate _day = time.Now.InUtc().Date;

    /// <summary>When the next day's budget begins.</summary>
    public Instant ResetsAt => _day.PlusDays(1).AtMidnight().InUtc().ToInstant();

    /// <summary>Reserves what a request may use; false where the budget leaves no room for it.</summary>
    /// <param name="tokens">Prompt and answer; nothing is reserved for 0.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<bool> TryReserveAsync(int tokens, CancellationToken cancellation)
    {
        if (tokens == 0) return true;

        var now = time.Now;
        var reservation = new AiReservation
        {
            Id = time.NewId(),
            UserId = owner.UserId,
            Day = _day,
            Tokens = tokens,
            ExpiresAt = now + Duration.FromSeconds(options.LeaseSeconds),
        };
        if (!await context.TryReserveAsync(reservation, options.Of(plan), now, cancellation)) return false;

        _reserved.Add(reservation.Id);
        return true;
    }

    /// <summary>Counts what a provider used, and gives back what was reserved beyond it. Not cancelled with a request: what was used was used.</summary>
    /// <param name="provider">The id of the provider.</param>
    /// <param name="promptTokens">Tokens that were sent.</param>
    /// <param name="completionTokens">Tokens of the answer.</param>
    /// <param name="cost">What it cost, in millionths of the currency unit.</param>
    /// <param name="isFree">Whether no budget is charged.</param>
    public async Task SettleAsync(string provider, long promptTokens, long completionTokens, long cost, bool isFree)
    {
        var usage = new AiUsage
        {
            Id = time.NewId(),
            UserId = owner.UserId,
            OrganizationId = owner.OrganizationId,
            Provider = provider,
            Day = _day,
            PromptTokens = promptTokens,
            CompletionTokens = completionTokens,
            Cost = cost,
        };
        if (isFree) await context.CountUsageAsync(usage, CancellationToken.None);
        else await context.SettleAsync(_reserved, usage, CancellationToken.None);
        _reserved.Clear();
    }
}
