namespace Xentree.Data.Conversations;

/// <summary>Finds a title for a conversation, as the API asks for it and the worker does it.</summary>
public abstract class TitleJob
{
    /// <summary>Does it, unless the learner has given a title meanwhile.</summary>
    public abstract Task RunAsync(Guid conversationId, CancellationToken cancellation);
}
