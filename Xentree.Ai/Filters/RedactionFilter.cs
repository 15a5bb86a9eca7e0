using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Xentree.Ai;

/// <summary>Keeps secrets that somebody pasted into a conversation from leaving the API for a provider.</summary>
internal sealed class RedactionFilter : IFunctionInvocationFilter
{
    public Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        if (ChatKernel.IsChat(context) && context.Arguments[ChatKernel.Provider] is Provider { IsHosted: true })
        {
            foreach (var turn in (ChatHistory)context.Arguments[ChatKernel.History]!) turn.Content = Secrets.Remove(turn.Content ?? "");
        }

        return next(context);
    }
}
