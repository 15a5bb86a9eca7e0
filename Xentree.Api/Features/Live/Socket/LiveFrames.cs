using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using Xentree.Ai;
using Xentree.Data.Conversations;
using Xentree.Data.Live;

namespace Xentree.Api.Features.Live.Socket;

/// <summary>What a client sends.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Turn), "turn")]
[JsonDerivedType(typeof(Ping), "ping")]
[JsonDerivedType(typeof(Audio), "audio")]
internal abstract record ClientFrame
{
    /// <summary>The learner says something.</summary>
    public sealed record Turn(string? Id, string? Text) : ClientFrame;

    /// <summary>The learner is there: a heartbeat.</summary>
    public sealed record Ping : ClientFrame;

    /// <summary>The learner says something aloud.</summary>
    public sealed record Audio : ClientFrame;

    private static readonly JsonSerializerOptions Options = new(ApiJson.Options) { AllowOutOfOrderMetadataProperties = true };

    /// <summary>Reads a frame; null where it is none.</summary>
    public static ClientFrame? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<ClientFrame>(json, Options);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}

/// <summary>What the server sends.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Ready), "ready")]
[JsonDerivedType(typeof(Turn), "turn")]
[JsonDerivedType(typeof(Delta), "delta")]
[JsonDerivedType(typeof(Reply), "reply")]
[JsonDerivedType(typeof(Pong), "pong")]
[JsonDerivedType(typeof(Warning), "warning")]
[JsonDerivedType(typeof(Error), "error")]
[JsonDerivedType(typeof(Closing), "closing")]
internal abstract record ServerFrame
{
    /// <summary>The first frame.</summary>
    public sealed record Ready(LiveSessionResponse Session, int LastSeq) : ServerFrame;

    /// <summary>A stored turn of the learner.</summary>
    public sealed record Turn(int Seq, string TurnId, string Text, Instant Timestamp, IReadOnlyList<TurnCorrection> Corrections) : ServerFrame;

    /// <summary>The next piece of a reply.</summary>
    public sealed record Delta(string TurnId, string Content) : ServerFrame;

    /// <summary>A stored reply.</summary>
    public sealed record Reply(int Seq, string TurnId, string Text, MessageStatus Status, string? Provider, string? Model, Instant Timestamp) : ServerFrame;

    /// <summary>The answer to a ping.</summary>
    public sealed record Pong(LiveSessionResponse Session) : ServerFrame;

    /// <summary>The quota ends soon.</summary>
    public sealed record Warning(long RemainingSeconds, Instant ExpiresAt) : ServerFrame;

    /// <summary>Something was not done.</summary>
    public sealed record Error(
        [property: JsonPropertyName("error")] string Code,
        string Message,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TurnId = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? RetryAfter = null) : ServerFrame
    {
        public static Error Of(Failure failure, string? turnId = null) => new(failure.Code, failure.Message, turnId, failure.RetryAfter);
    }

    /// <summary>The last frame.</summary>
    public sealed record Closing(CloseReason Reason, LiveSessionResponse Session) : ServerFrame;

    /// <summary>The frame of a stored turn.</summary>
    public static ServerFrame Of(LiveTurn turn) => turn.Role == LiveRole.User
        ? new Turn(turn.Ordinal, turn.TurnId!, turn.Text, turn.Timestamp, [.. TextCorrections.In(turn.Text).Select(c => new TurnCorrection(c.Offset, c.Length, c.Message, c.Replacements, c.Category))])
        : new Reply(turn.Ordinal, turn.TurnId!, turn.Text, turn.Status, turn.Provider, turn.Model, turn.Timestamp);

    /// <summary>As it is sent.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ApiJson.Options);
}

/// <summary>A correction of what the learner wrote.</summary>
internal sealed record TurnCorrection(int Offset, int Length, string Message, IReadOnlyList<string> Replacements, string Category);

/// <summary>Why the server closes a socket.</summary>
internal enum CloseReason
{
    /// <summary>The session was ended.</summary>
    SessionEnded,

    /// <summary>The quota is used up.</summary>
    QuotaEnded,

    /// <summary>No heartbeat and no frame came.</summary>
    LeaseExpired,

    /// <summary>Another connection speaks for the session.</summary>
    Replaced,

    /// <summary>The log-in or the key with which the connection was opened has ended.</summary>
    SignedOut,

    /// <summary>The client reads too slowly.</summary>
    SlowReader,

    /// <summary>This server stops; another goes on.</summary>
    ServerStopping,

    /// <summary>The client sent what is too large.</summary>
    TooLarge,
}
