
namespace Xentree.AppHost.Embedded;

/// <summary>An embedded server as a resource: a local process with a connection string, so that references and waits work as for a container.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="server">The server.</param>
/// <param name="port">The loopback port it listens on.</param>
/// <param name="command">Its command, under supervision.</param>
public sealed class EmbeddedServerResource(string name, IEmbeddedServer server, int port, ServerCommand command)
    : ExecutableResource(name, command.FileName, command.Folder), IResourceWithConnectionString
{
    /// <summary>The server.</summary>
    public IEmbeddedServer Server { get; } = server;

    /// <summary>The loopback port it listens on.</summary>
    public int Port { get; } = port;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            var expression = new ReferenceExpressionBuilder();
            expression.AppendLiteral(Server.ConnectionString(Port));
            return expression.Build();
        }
    }
}
