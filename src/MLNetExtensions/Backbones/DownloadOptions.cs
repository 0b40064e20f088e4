namespace MLNetExtensions.Backbones;

/// <summary>The options of <see cref="Backbone.DownloadAsync"/>.</summary>
public sealed class DownloadOptions
{
    /// <summary>
    /// The folders of mirrors; the entry's file name is appended to each. Tried in order, each with <see cref="Retries"/>.
    /// </summary>
    /// <value>The default is null: the addresses in the catalog.</value>
    public IReadOnlyList<Uri>? BaseAddresses { get; set; }

    /// <summary>
    /// True to fetch from addresses of HTTP too, such as a mirror within a company: what is fetched is seen by whoever is on the way. The
    /// file's SHA-256 is compared in either case.
    /// </summary>
    /// <value>The default is false: HTTPS only, and HTTP from this machine itself.</value>
    public bool AllowHttp { get; set; }

    /// <summary>The number of retries of a mirror after a broken connection, a stall or a server error (408, 429, 5xx).</summary>
    /// <value>The default is 4.</value>
    public int Retries { get; set; } = 4;

    /// <summary>The wait before the first retry; it doubles with each one.</summary>
    /// <value>The default is 1 second.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The time without data after which a connection counts as broken.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Receives the progress of the download, about every quarter of a megabyte.</summary>
    public IProgress<DownloadProgress>? Progress { get; set; }

    /// <summary>Cancels the download; the part fetched so far is kept and the next call resumes from there.</summary>
    public CancellationToken CancellationToken { get; set; }
}
