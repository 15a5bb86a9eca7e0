using Microsoft.Extensions.Options;
using NodaTime;
using Xentree.Ai;
using Xentree.Data;
using Xentree.Data.Accounts;
using Xentree.Data.Ai;
using Xentree.Domain;

namespace Xentree.Api.Spending;

/// <summary>What a chat may spend, with the refusal that the API gives.</summary>
internal sealed class AiSpending(XentreeDbContext context, IOptions<AiBudgetOptions> options, TimeProvider time)
{
    /// <summary>What one chat of a caller may spend.</summary>
    public ChatBudget Of(Owner owner, UserPlan plan)
    {
        var account = new AiAccount(context, options.Value, time, owner, plan);
        return new ChatBudget(
            async (request, cancellation) =>
            {
                if (!await account.TryReserveAsync(request.Tokens, cancellation)) throw Exceeded(account.ResetsAt).AsException();
            },
            spent => account.SettleAsync(spent.Provider, spent.Usage.PromptTokens, spent.Usage.CompletionTokens, spent.Cost, spent.IsFree));
    }

    private Failure Exceeded(Instant reset) =>
        Failures.AiQuotaExceeded(InstantConverter.Format(reset), Math.Max(1, (int)Math.Ceiling((reset - time.Now).TotalSeconds)));
}
