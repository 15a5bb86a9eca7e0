if (args is ["migrate"] or ["seed"])
{
    Console.WriteLine($"{args[0]}: done");
    return;
}

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
