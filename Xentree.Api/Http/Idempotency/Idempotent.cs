namespace Xentree.Api.Http.Idempotency;

/// <summary>Marks an operation that accepts <c>Idempotency-Key</c>: every POST that creates or spends.</summary>
public sealed class Idempotent
{
    internal static Idempotent Instance { get; } = new();
}

/// <summary>Marks operations.</summary>
public static class IdempotentOperations
{
    extension<TBuilder>(TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        /// <summary>The operation accepts <c>Idempotency-Key</c>.</summary>
        public TBuilder AcceptsIdempotencyKey() => builder.WithMetadata(Idempotent.Instance);
    }
}

/// <summary>
/// Marks an answer that is not to be replayed although its status says so: a stream that began with 200 and ended with an error that
/// passes. Set it as a feature of the request.
/// </summary>
internal sealed class NotReplayed
{
    public static NotReplayed Instance { get; } = new();
}
