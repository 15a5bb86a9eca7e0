namespace Xentree.AppHost.Embedded;

/// <summary>A real server that runs as a local process.</summary>
public interface IEmbeddedServer
{
    /// <summary>A part of the line that the server prints when it takes connections.</summary>
    string ReadyLine { get; }

    /// <summary>Makes the data ready for a start.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task.</returns>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>How to start the server.</summary>
    /// <param name="port">The loopback port it listens on.</param>
    /// <returns>The command.</returns>
    ServerCommand Command(int port);

    /// <summary>How to reach the server.</summary>
    /// <param name="port">The loopback port it listens on.</param>
    /// <returns>The connection string.</returns>
    string ConnectionString(int port);

    /// <summary>Speaks one sentence of the server's protocol; a server that cannot answer throws.</summary>
    /// <param name="port">The loopback port it listens on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task.</returns>
    Task PingAsync(int port, CancellationToken cancellationToken);
}
