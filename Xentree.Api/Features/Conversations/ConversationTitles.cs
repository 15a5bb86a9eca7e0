using Hangfire;
using Xentree.Ai;
using Xentree.Data.Conversations;

namespace Xentree.Api.Features.Conversations;

/// <summary>
/// Asks the worker for a better title than the first message's beginning. Without a language model there is none to be had; and nothing
/// repairs a request that was lost, because the title that stands is good enough.
/// </summary>
internal sealed partial class ConversationTitles(IBackgroundJobClient jobs, ChatRouter router, ILogger<ConversationTitles> logger)
{
    /// <summary>After the first exchange, once both turns are stored.</summary>
    public void Want(Guid conversationId)
    {
        if (!router.HasModel) return;

        try
        {
            jobs.Enqueue<TitleJob>(job => job.RunAsync(conversationId, CancellationToken.None));
        }
        catch (BackgroundJobClientException exception)
        {
            LogNotWanted(exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A title could not be asked for")]
    private partial void LogNotWanted(Exception exception);
}
