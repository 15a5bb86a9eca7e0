namespace Xentree.Domain.Conversations;

/// <summary>Who says a turn of a conversation.</summary>
public enum MessageRole
{
    /// <summary>The learner.</summary>
    User,

    /// <summary>The tutor.</summary>
    Assistant,

    /// <summary>Whoever set the conversation up: instructions to the tutor.</summary>
    System,
}
