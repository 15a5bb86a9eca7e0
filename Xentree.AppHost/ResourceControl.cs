namespace Xentree.AppHost;

/// <summary>Starts and stops resources as the dashboard's buttons do, and waits for what comes of it.</summary>
internal sealed class ResourceControl(ResourceCommandService commands, ResourceNotificationService notifications, ResourceLoggerService logs)
{
    public async Task StopAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (KnownResourceStates.TerminalStates.Contains((await CurrentAsync(resource, cancellationToken)).Snapshot.State?.Text)) return;

        await ExecuteAsync(resource, KnownResourceCommands.StopCommand, cancellationToken);
        await notifications.WaitForResourceAsync(resource.Name, KnownResourceStates.TerminalStates, cancellationToken);
    }

    public async Task StartAsync(IResource resource, CancellationToken cancellationToken)
    {
        await ExecuteAsync(resource, KnownResourceCommands.StartCommand, cancellationToken);
        await notifications.WaitForResourceHealthyAsync(resource.Name, cancellationToken);
    }

    /// <summary>Runs a resource that ends by itself.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> RunToEndAsync(IResource resource, CancellationToken cancellationToken)
    {
        var before = (await CurrentAsync(resource, cancellationToken)).Snapshot.StartTimeStamp;
        await ExecuteAsync(resource, KnownResourceCommands.StartCommand, cancellationToken);
        var end = await notifications.WaitForResourceAsync(
            resource.Name,
            change => change.Snapshot.StartTimeStamp != before && KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text),
            cancellationToken);

        var printed = new List<string>();
        await foreach (var batch in logs.GetAllAsync(end.ResourceId).WithCancellation(cancellationToken)) printed.AddRange(batch.Select(line => line.Content));
        var text = string.Join(Environment.NewLine, printed);
        return end.Snapshot.ExitCode is 0 ? text : throw new InvalidOperationException($"{resource.Name} ended with {end.Snapshot.ExitCode}: {text}");
    }

    private Task<ResourceEvent> CurrentAsync(IResource resource, CancellationToken cancellationToken) =>
        notifications.WaitForResourceAsync(resource.Name, _ => true, cancellationToken);

    private async Task ExecuteAsync(IResource resource, string command, CancellationToken cancellationToken)
    {
        var result = await commands.ExecuteCommandAsync(resource, command, cancellationToken);
        if (!result.Success) throw new InvalidOperationException($"{resource.Name} did not {command}: {result.Message}");
    }
}
