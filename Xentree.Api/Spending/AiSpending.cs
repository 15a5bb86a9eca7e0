using Microsoft.Extensions.Options;
using NodaTime;
using Xentree.Ai;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Ai;
using Xentree.Domain;

namespace Xentree.Api.Spending;

/// <summary>
/// The budget of one caller for one chat. It goes by the real clock, for users on a clock of their own too: what a model costs is paid by
/// the installation, and not with time that somebody made up.
/// </summary>
internal sealed class AiSpending(XentreeDbContext context, IOptions<AiBudgetOptions> options, TimeProvider time)
{
    private readonly List<Guid> _reserved = [];
    private Owner _owner;
    private UserPlan _plan;
    private LocalDate _day;

    /// <summary>What a chat of the caller may spend.</summary>
    public ChatBudget Of(Owner owner, UserPlan plan)
    {
        (_owner, _plan, _day) = (owner, plan, time.Now.InUtc().Date);
        return new ChatBudget(ReserveAsync, SettleAsync);
    }

    private async Task ReserveAsync(ChatReservation request, CancellationToken cancellation)
    {
        if (request.Tokens == 0) return;

        var now = time.Now;
        var reservation = new AiReservation
        {
            Id = time.NewId(),
            UserId = _owner.UserId,
            Day = _day,
            Tokens = request.Tokens,
            ExpiresAt = now + Duration.FromSeconds(options.Value.LeaseSeconds),
        };
        if (!await context.TryReserveAsync(reservation, options.Value.Of(_plan), now, cancellation)) throw Exceeded(now).AsException();

        _reserved.Add(reservation.Id);
    }

    // Not cancelled with the request: what was used was used.
    private async Task SettleAsync(ChatSpending spending)
    {
        var usage = new AiUsage
        {
            Id = time.NewId(),
            UserId = _owner.UserId,
            OrganizationId = _owner.OrganizationId,
            Provider = spending.Provider,
            Day = _day,
            PromptTokens = spending.Usage.PromptTokens,
            CompletionTokens = spending.Usage.CompletionTokens,
            Cost = spending.Cost,
        };
        if (spending.IsFree) await context.CountUsageAsync(usage, CancellationToken.None);
        else await context.SettleAsync(_reserved, usage, CancellationToken.None);
        _reserved.Clear();
    }

    private Failure Exceeded(Instant now)
    {
        var reset = _day.PlusDays(1).AtMidnight().InUtc().ToInstant();
        return Failures.AiQuotaExceeded(InstantConverter.Format(reset), Math.Max(1, (int)Math.Ceiling((reset - now).TotalSeconds)));
    }
}
