namespace Xentree.ServiceDefaults;

/// <summary>The names by which the AppHost, the hosts and the tests mean the same resource.</summary>
public static class ResourceNames
{
    /// <summary>The PostgreSQL server.</summary>
    public const string Postgres = "postgres";

    /// <summary>The database on it, and the name of its connection string.</summary>
    public const string Database = "xentree";

    /// <summary>The Redis server, and the name of its connection string.</summary>
    public const string Cache = "cache";

    /// <summary>The storage server that holds the blobs.</summary>
    public const string Storage = "storage";

    /// <summary>Blob storage, and the name of its connection string.</summary>
    public const string Blobs = "blobs";

    /// <summary>The grammar checker and the dictionary of the local tutor, and the name of their connection string.</summary>
    public const string Language = "language";

    /// <summary>The one-shot run of the worker that brings the database's schema up to date.</summary>
    public const string Migrations = "migrations";

    /// <summary>The run of the worker that creates a demo learner, when asked to.</summary>
    public const string Seed = "seed";

    /// <summary>The HTTP API.</summary>
    public const string Api = "api";

    /// <summary>The host of the background jobs.</summary>
    public const string Worker = "worker";
}
