using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using FunctionInvokingChatClient = Microsoft.Extensions.AI.FunctionInvokingChatClient;

namespace Xentree.Ai;

/// <summary>
/// Reserves before a provider is asked what the call may use, and settles what it used however it ended. One filter belongs to one chat.
/// </summary>
internal sealed class BudgetFilter(ChatBudget budget) : IFunctionInvocationFilter
{
    private Exception? _refused;
    private ChatReservation? _request;

    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        if (ChatKernel.IsChat(context)) await ChatAsync(context, next);
        else await ToolAsync(context, next);
    }

    private async Task ChatAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        var provider = (Provider)context.Arguments[ChatKernel.Provider]!;
        var prompt = provider.IsHosted ? Tokens((ChatHistory)context.Arguments[ChatKernel.History]!, context.Kernel) : 0;
        // Tokenizers differ, by a quarter at most as a rule.
        _request = new ChatReservation(provider.Id, provider.IsHosted ? prompt + (prompt / 4) + provider.DefaultModel.AnswerTokens : 0);
        await budget.ReserveAsync(_request, context.CancellationToken);
        try
        {
            await next(context);
        }
        catch
        {
            await SettleAsync(provider, new ChatUsage(0, 0));
            throw;
        }

        context.Result = new FunctionResult(context.Result, MeteredAsync(context.Result.GetValue<IAsyncEnumerable<ChatPiece>>()!, provider, prompt, context.CancellationToken));
    }

    // What a tool returns goes to the provider with everything before it: one request more.
    private async Task ToolAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        try
        {
            await budget.ReserveAsync(_request!, context.CancellationToken);
        }
        catch (Exception exception)
        {
            _refused = exception;
            if (FunctionInvokingChatClient.CurrentContext is { } call) call.Terminate = true;
            throw;
        }

        await next(context);
    }

    private async IAsyncEnumerable<ChatPiece> MeteredAsync(
        IAsyncEnumerable<ChatPiece> answer, Provider provider, int prompt, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (said, isAdmitted, isAsked, usage) = (new StringBuilder(), false, false, default(ChatUsage));
        await using var pieces = answer.GetAsyncEnumerator(cancellation);
        try
        {
            while (true)
            {
                // Between its first piece and the next the provider is asked.
                isAsked = isAdmitted;
                var isOver = false;
                try
                {
                    isOver = !await pieces.MoveNextAsync();
                }
                catch (ProviderFailure failure)
                {
                    isAsked &= !failure.UsedNothing;
                    if (_refused is null) throw;
                }

                if (_refused is not null) ExceptionDispatchInfo.Throw(_refused);
                if (isOver) yield break;

                isAdmitted = true;
                said.Append(pieces.Current.Text);
                usage = pieces.Current.Usage ?? usage;
                yield return pieces.Current;
            }
        }
        finally
        {
            var counted = usage ?? (isAsked && provider.IsHosted ? new ChatUsage(prompt, TokenCount.Of(said.ToString())) : new ChatUsage(0, 0));
            await SettleAsync(provider, counted);
        }
    }

    private Task SettleAsync(Provider provider, ChatUsage usage) =>
        budget.SettleAsync(new ChatSpending(provider.Id, usage, provider.DefaultModel.Cost(usage), IsFree: !provider.IsHosted));

    private static int Tokens(ChatHistory history, Kernel kernel) =>
        history.Sum(turn => TokenCount.Of(turn.Content ?? "") + TokenCount.OfATurn)
        + kernel.Plugins.GetFunctionsMetadata().Sum(f => TokenCount.Of(f.Description) + f.Parameters.Sum(p => TokenCount.Of(p.Schema?.ToString() ?? "")) + TokenCount.OfATurn);
}
