namespace Xentree.Api.Http;

/// <summary>A type of the contract that knows an example of itself: the OpenAPI document shows it, and the compiler checks it.</summary>
/// <typeparam name="TSelf">The type.</typeparam>
public interface IExample<TSelf>
    where TSelf : IExample<TSelf>
{
    /// <summary>The example.</summary>
    static abstract TSelf Example { get; }
}
