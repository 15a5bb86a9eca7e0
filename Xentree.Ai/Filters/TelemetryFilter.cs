using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.SemanticKernel;

namespace Xentree.Ai;

/// <summary>Traces and measures each call of a provider, from its reservation to its last word.</summary>
internal sealed class TelemetryFilter(TimeProvider time) : IFunctionInvocationFilter
{
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        if (!ChatKernel.IsChat(context))
        {
            await next(context);
            return;
        }

        var provider = (Provider)context.Arguments[ChatKernel.Provider]!;
        var activity = AiTelemetry.StartChat(provider);
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            AiTelemetry.Failed(activity, provider, exception.GetType().Name);
            activity?.Dispose();
            throw;
        }

        context.Result = new FunctionResult(context.Result, WatchedAsync(context.Result.GetValue<IAsyncEnumerable<ChatPiece>>()!, provider, activity, context.CancellationToken));
    }

    private async IAsyncEnumerable<ChatPiece> WatchedAsync(
        IAsyncEnumerable<ChatPiece> answer, Provider provider, Activity? activity, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var span = activity;
        await using var pieces = answer.GetAsyncEnumerator(cancellation);
        var (since, said) = (time.GetTimestamp(), false);
        while (true)
        {
            // Whoever reads is elsewhere between two pieces; what the provider's library traces belongs below this call.
            if (activity is not null) Activity.Current = activity;
            try
            {
                if (!await pieces.MoveNextAsync()) yield break;
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                AiTelemetry.Failed(activity, provider, exception is ProviderFailure failure ? failure.Reason : exception.GetType().Name);
                throw;
            }

            var piece = pieces.Current;
            if (piece.Text.Length > 0 && !said)
            {
                said = true;
                AiTelemetry.Started(provider, time.GetElapsedTime(since));
            }

            if (piece.Usage is { } usage) AiTelemetry.Used(activity, provider, usage);
            yield return piece;
        }
    }
}
