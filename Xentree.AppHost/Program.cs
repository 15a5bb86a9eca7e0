using Xentree.AppHost.Embedded;

if (args is [GarnetHost.Verb, .. var garnet])
{
    await GarnetHost.RunAsync(garnet);
    return;
}

var builder = DistributedApplication.CreateBuilder(args);
builder.Build().Run();
