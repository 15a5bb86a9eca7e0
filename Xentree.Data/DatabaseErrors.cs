using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Xentree.Data;

/// <summary>What PostgreSQL refused.</summary>
public static class DatabaseErrors
{
    extension(DbUpdateException exception)
    {
        /// <summary>The unique index that a row would have broken; null where something else is wrong.</summary>
        public string? ViolatedUniqueIndex =>
            exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } refused ? refused.ConstraintName : null;
    }
}
