using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using NodaTime;

namespace Xentree.Data.Maintenance;

/// <summary>The last run of a background job that ended well: what health reports.</summary>
public sealed class JobRun
{
    /// <summary>The job's name.</summary>
    public required string Job { get; init; }

    /// <summary>When the run began.</summary>
    public required Instant StartedAt { get; set; }

    /// <summary>How long it took, in milliseconds.</summary>
    public required long Milliseconds { get; set; }

    /// <summary>How many rows, users or deliveries it dealt with.</summary>
    public required long Count { get; set; }
}

internal sealed class JobRunConfiguration : IEntityTypeConfiguration<JobRun>
{
    public void Configure(EntityTypeBuilder<JobRun> run)
    {
        run.ToTable("job_runs");
        run.HasKey(r => r.Job);
    }
}
