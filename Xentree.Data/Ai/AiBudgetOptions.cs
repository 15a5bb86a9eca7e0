using System.ComponentModel.DataAnnotations;
using Xentree.Data.Accounts;

namespace Xentree.Data.Ai;

/// <summary>
/// How many tokens of language models an account may use in a day of UTC, by its plan (section <c>AI:Budget</c>). Prompt and answer count
/// alike; the provider <c>local</c> costs nothing.
/// </summary>
public sealed class AiBudgetOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "AI:Budget";

    /// <summary>With the plan <c>free</c>.</summary>
    [Range(0, 1_000_000_000_000)]
    public long Free { get; init; } = 100_000;

    /// <summary>With the plan <c>plus</c>.</summary>
    [Range(0, 1_000_000_000_000)]
    public long Plus { get; init; } = 1_000_000;

    /// <summary>With the plan <c>pro</c>.</summary>
    [Range(0, 1_000_000_000_000)]
    public long Pro { get; init; } = 5_000_000;

    /// <summary>For how long tokens stay reserved when nobody settles them: longer than any answer takes.</summary>
    [Range(60, 86_400)]
    public int LeaseSeconds { get; init; } = 900;

    /// <summary>The tokens of a plan.</summary>
    public long Of(UserPlan plan) => plan switch
    {
        UserPlan.Pro => Pro,
        UserPlan.Plus => Plus,
        _ => Free,
    };
}
