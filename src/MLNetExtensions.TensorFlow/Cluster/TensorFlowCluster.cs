using System.Globalization;
using System.Text.Json;
using MLNetExtensions.TensorFlow.Launching;

namespace MLNetExtensions.TensorFlow.Cluster;

/// <summary>
/// The workers of synchronous data-parallel training: every worker runs the same program on its own part of the data. Each step sums the
/// workers' gradients over TensorFlow's own network protocol (gRPC, a ring all-reduce), so that all make the same update. The step equals
/// that of one worker with all rows, except that BatchNorm normalizes by each worker's own rows; its running statistics are the workers'
/// mean.
/// </summary>
/// <remarks>TensorFlow's server takes the port alone from a worker's address: it listens on all interfaces, also for 127.0.0.1, without
/// encryption and authentication. Whoever reaches the port can run graphs in the worker: use a private network, or a firewall.</remarks>
public sealed class TensorFlowCluster
{
    /// <summary>The environment variable that TensorFlow's own tools use: a JSON text with the cluster and this process's task.</summary>
    public const string EnvironmentVariable = "TF_CONFIG";

    /// <param name="workers">The workers' addresses, as <c>host:port</c>, the same list in the same order on each.</param>
    /// <param name="index">This process's place in the list.</param>
    /// <exception cref="ArgumentException">The list is empty, has an address twice or one without a port, or has no such place.</exception>
    public TensorFlowCluster(IReadOnlyList<string> workers, int index)
    {
        ArgumentNullException.ThrowIfNull(workers);
        Workers = [.. workers];
        if (Workers.Count == 0)
            throw new ArgumentException("A cluster needs at least one worker.", nameof(workers));
        if (Workers.GroupBy(w => w).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new ArgumentException($"The worker '{twice.Key}' is listed {twice.Count()} times.", nameof(workers));
        if (Workers.FirstOrDefault(w => EndPoint(w) is null) is { } bad)
            throw new ArgumentException($"The worker '{bad}' is not an address as host:port.", nameof(workers));
        if (index < 0 || index >= Workers.Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The cluster has the workers 0 to {Workers.Count - 1}.");
        Index = index;
    }

    /// <summary>The workers' addresses.</summary>
    public IReadOnlyList<string> Workers { get; }

    /// <summary>This process's place in <see cref="Workers"/>.</summary>
    public int Index { get; }

    /// <summary>The longest wait for the other workers in a step, and between steps; then the step fails with an error.</summary>
    /// <value>The default is 60 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public TimeSpan Timeout
    {
        get;
        init => field = Positive(value);
    } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The longest wait for the other workers when a session begins: until each of them has read its data and accepts connections. Then
    /// creating the session fails with an error that names those that did not.
    /// </summary>
    /// <value>The default is 10 minutes.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public TimeSpan StartTimeout
    {
        get;
        init => field = Positive(value);
    } = TimeSpan.FromMinutes(10);

    /// <summary>The cluster that the environment variable TF_CONFIG describes, or null if it is not set.</summary>
    /// <exception cref="InvalidOperationException">Its text is not a cluster of workers with this process among them.</exception>
    public static TensorFlowCluster? FromEnvironment()
    {
        _ = LauncherGuard.LocalWorkers;
        string? text = Environment.GetEnvironmentVariable(EnvironmentVariable);
        return string.IsNullOrEmpty(text) ? null : Parse(text);
    }

    internal static TensorFlowCluster Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement,
                task = root.GetProperty("task");
            if (task.GetProperty("type").GetString() is not "worker" and var type)
                throw new InvalidOperationException(
                    $"{EnvironmentVariable} gives this process the task '{type}'; only 'worker' is supported."
                );
            JsonElement index = task.GetProperty("index");
            return new TensorFlowCluster(
                [.. root.GetProperty("cluster").GetProperty("worker").EnumerateArray().Select(w => w.GetString() ?? "")],
                index.ValueKind == JsonValueKind.String ? int.Parse(index.GetString()!, CultureInfo.InvariantCulture) : index.GetInt32()
            );
        }
        catch (Exception error)
            when (error
                    is JsonException
                        or KeyNotFoundException
                        or FormatException
                        or ArgumentException
                        or InvalidOperationException { InnerException: null, Source: "System.Text.Json" }
            )
        {
            throw new InvalidOperationException(
                $"{EnvironmentVariable} is not a cluster: {error.Message} Expected {{\"cluster\": {{\"worker\": [\"host:port\", ...]}}, "
                    + $"\"task\": {{\"type\": \"worker\", \"index\": 0}}}}.",
                error
            );
        }
    }

    /// <summary>The error of a worker that waited in vain.</summary>
    internal TensorFlowException NoAnswer(TensorFlowException error, TimeSpan limit) =>
        new(
            error.Code,
            $"Worker {Index} of {Workers.Count} ({Workers[Index]}) got no answer from the others within {limit.TotalSeconds:0.#} s, or "
                + $"one of them ended or is of another cluster "
                + $"({string.Join(", ", Workers)}). Start all workers again, from the last checkpoint. {error.Message}"
        );

    private static TimeSpan Positive(TimeSpan value) =>
        value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A wait must be longer than nothing.");

    /// <summary>The host, an IPv6 address without its brackets, and the port of an address; null for a text that is none.</summary>
    internal static (string Host, int Port)? EndPoint(string worker)
    {
        int colon = worker.LastIndexOf(':');
        return
            colon > 0
            && int.TryParse(worker.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port is > 0 and < 65536
            ? (worker[..colon].Trim('[', ']'), port)
            : null;
    }
}
