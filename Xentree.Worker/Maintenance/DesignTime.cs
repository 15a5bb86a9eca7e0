using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Xentree.Data;

namespace Xentree.Worker.Maintenance;

/// <summary>Gives <c>dotnet ef</c> a context without a server: it only looks at the model.</summary>
internal sealed class DesignTime : IDesignTimeDbContextFactory<XentreeDbContext>
{
    public XentreeDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<XentreeDbContext>();
        DataServices.Configure(options, "Host=localhost");
        return new XentreeDbContext(options.Options);
    }
}
