using Microsoft.Extensions.Options;
using Xentree.Ai;
using Xentree.Api.Http.Export;
using Xentree.Data.Ai;

namespace Xentree.Api.Spending;

internal static class SpendingServices
{
    /// <summary>Adds <see cref="AiSpending"/>: what chats cost and may cost.</summary>
    public static void AddAiSpending(this IServiceCollection services)
    {
        services.AddOptions<AiBudgetOptions>().BindConfiguration(AiBudgetOptions.Section).ValidateDataAnnotations()
            .Validate<IOptions<AiOptions>>(
                (budget, ai) => budget.LeaseSeconds > ai.Value.AnswerSeconds,
                "AI:Budget:LeaseSeconds must be more than AI:AnswerSeconds, or answers under way would be forgotten.")
            .ValidateOnStart();
        services.AddScoped<AiSpending>();
        services.AddExportPart("ai_usage", (context, userId) => context.AiUsage.Where(row => row.UserId == userId), row => row.Id);
    }
}
