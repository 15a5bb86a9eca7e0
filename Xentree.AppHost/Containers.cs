using Xentree.AppHost.Embedded;
using Xentree.ServiceDefaults;

namespace Xentree.AppHost;

/// <summary>The servers as containers, their data in volumes.</summary>
internal static class Containers
{
    public static IResourceBuilder<IResourceWithConnectionString> AddPostgres(IDistributedApplicationBuilder builder) =>
        builder.AddPostgres(ResourceNames.Postgres)
            .WithImageTag("18")
            .WithDataVolume()
            .AddDatabase(ResourceNames.Database);

    public static IResourceBuilder<IResourceWithConnectionString> AddRedis(IDistributedApplicationBuilder builder) =>
        builder.AddRedis(ResourceNames.Cache).WithImageTag("8");

    public static IResourceBuilder<IResourceWithConnectionString> AddBlobs(IDistributedApplicationBuilder builder, string image)
    {
        var storage = builder.AddContainer(ResourceNames.Storage, image)
            .WithVolume("xentree-blobs", "/data")
            .WithArgs("azurite-blob", "--blobHost", "0.0.0.0", "--location", "/data", "--silent", "--disableTelemetry", "--skipApiVersionCheck")
            .WithEndpoint(targetPort: 10000, scheme: "http", name: "blob");
        var port = storage.GetEndpoint("blob").Property(EndpointProperty.Port);

        return builder.AddConnectionString(
            ResourceNames.Blobs,
            ReferenceExpression.Create($"{EmbeddedBlobs.Account}BlobEndpoint=http://127.0.0.1:{port}/devstoreaccount1;"))
            .WaitFor(storage);
    }
}
