using Xentree.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddAzureBlobServiceClient(ResourceNames.Blobs);
var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
