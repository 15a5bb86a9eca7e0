namespace Xentree.Api.Http.OpenApi;

/// <summary>The error codes that an operation answers beside those that every operation of its kind does.</summary>
/// <param name="Codes">The codes.</param>
internal sealed record FailsWith(IReadOnlyList<string> Codes);

/// <summary>Says which errors an operation answers.</summary>
internal static class FailingOperations
{
    extension<TBuilder>(TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        /// <summary>The operation answers these codes too; the document shows them.</summary>
        public TBuilder Fails(params string[] codes) => builder.WithMetadata(new FailsWith(codes));
    }
}
