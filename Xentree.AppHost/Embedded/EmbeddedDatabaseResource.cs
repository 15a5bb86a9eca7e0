
namespace Xentree.AppHost.Embedded;

/// <summary>A database of the embedded PostgreSQL.</summary>
/// <param name="name">The resource's and the database's name.</param>
/// <param name="parent">The server that holds it.</param>
public sealed class EmbeddedDatabaseResource(string name, EmbeddedServerResource parent)
    : Resource(name), IResourceWithParent<EmbeddedServerResource>, IResourceWithConnectionString
{
    /// <inheritdoc/>
    public EmbeddedServerResource Parent { get; } = parent;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Database={Name}");
}
