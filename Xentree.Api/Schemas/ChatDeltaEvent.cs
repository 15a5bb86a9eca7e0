namespace Xentree.Api.Schemas;

/// <summary>A piece of the answer: the data of a <c>delta</c> event.</summary>
public sealed record ChatDeltaEvent : IExample<ChatDeltaEvent>
{
    /// <summary>The text that comes next.</summary>
    public required string Content { get; init; }

    /// <inheritdoc/>
    public static ChatDeltaEvent Example { get; } = new() { Content = "I found " };
}
