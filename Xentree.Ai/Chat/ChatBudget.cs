namespace Xentree.Ai;

/// <summary>
/// Who is asked before tokens are spent, and told after. One may be asked several times before being told: each call of a tool makes one
/// more request to the provider. Everything that was reserved is settled by the next settlement.
/// </summary>
/// <param name="ReserveAsync">Reserves what a request to a provider may use; refuses by throwing, which ends the chat with that exception.</param>
/// <param name="SettleAsync">Takes what was used, exactly once for each provider that was asked, however the chat ended.</param>
public sealed record ChatBudget(Func<ChatReservation, CancellationToken, Task> ReserveAsync, Func<ChatSpending, Task> SettleAsync);

/// <summary>What a request to a provider may use at most.</summary>
/// <param name="Provider">The id of the provider.</param>
/// <param name="Tokens">Prompt and answer; 0 for a provider that costs nothing.</param>
public sealed record ChatReservation(string Provider, int Tokens);

/// <summary>What a call of a provider used.</summary>
/// <param name="Provider">The id of the provider.</param>
/// <param name="Usage">As the provider counts, or counted here where it does not tell.</param>
/// <param name="Cost">What it cost by the prices in the settings, in millionths of the currency unit.</param>
/// <param name="IsFree">Whether it is to be left out of a budget.</param>
public sealed record ChatSpending(string Provider, ChatUsage Usage, long Cost, bool IsFree);
