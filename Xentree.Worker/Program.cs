using Xentree.Worker;

return await WorkerHost.RunAsync(args);
