using Microsoft.SemanticKernel;

namespace Xentree.Ai;

/// <summary>
/// Makes what tools return fit for a model: data of a bounded size, without secrets. A tool that fails says so to the model, and nothing
/// about why.
/// </summary>
internal sealed class ToolFilter : IFunctionInvocationFilter
{
    private const int LongestResult = 8_000;

    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        if (ChatKernel.IsChat(context))
        {
            await next(context);
            return;
        }

        string result;
        using var activity = AiTelemetry.StartTool(context.Function.Name);
        try
        {
            await next(context);
            result = context.Result.ToString();
        }
        catch (Exception exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            AiTelemetry.ToolFailed(activity, context.Function.Name, exception.GetType().Name);
            result = """{"error": "The tool failed. Answer without it."}""";
        }

        context.Result = new FunctionResult(context.Result, Secrets.Remove(result.Length <= LongestResult ? result : result[..LongestResult] + "… (cut off)"));
    }
}
