using System.ComponentModel.DataAnnotations;

namespace Xentree.Api.Features.Conversations;

/// <summary>How long streams of answers can be taken up again (section <c>Chat:Streams</c>).</summary>
public sealed class ChatStreamOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Chat:Streams";

    /// <summary>For how many seconds after its end a stream can be taken up. Redis holds what was said for as long, and no longer.</summary>
    [Range(1, 600)]
    public int KeptSeconds { get; init; } = 120;

    /// <summary>After how many seconds without a sign of life the replica that makes an answer counts as gone.</summary>
    [Range(3, 60)]
    public int LeaseSeconds { get; init; } = 6;
}
