using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Xentree.Data.Accounts;

namespace Xentree.Data.Organizations;

internal sealed class OrganizationConfiguration : IEntityTypeConfiguration<Organization>, IEntityTypeConfiguration<Member>
{
    public void Configure(EntityTypeBuilder<Organization> organization)
    {
        organization.ToTable("organizations");
        organization.HasIndex(o => o.Slug).IsUnique();
        organization.HasIndex(o => o.LeaderboardClosed);
    }

    public void Configure(EntityTypeBuilder<Member> member)
    {
        member.ToTable("members");
        member.HasKey(m => new { m.OrganizationId, m.UserId });
        member.HasOne<Organization>().WithMany().HasForeignKey(m => m.OrganizationId);
        member.HasOne<User>().WithMany().HasForeignKey(m => m.UserId);
        member.HasIndex(m => new { m.UserId, m.OrganizationId });
        member.HasIndex(m => new { m.OrganizationId, m.Id });
    }
}
