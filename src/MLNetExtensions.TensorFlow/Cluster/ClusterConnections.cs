using System.Net.Sockets;

namespace MLNetExtensions.TensorFlow.Cluster;

/// <summary>
/// Connects to the other workers before anything else is asked of them: TensorFlow's own calls wait for a missing one without saying which
/// it is, and have to be given up with the whole process.
/// </summary>
internal static class ClusterConnections
{
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(5),
        Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until all other workers' servers accept connections.</summary>
    /// <exception cref="TensorFlowException">Some did not within <see cref="TensorFlowCluster.StartTimeout"/>; the message names
    /// them.</exception>
    public static void Await(TensorFlowCluster cluster)
    {
        using var limit = new CancellationTokenSource(cluster.StartTimeout);
        string?[] problems = Task.Run(() =>
                Task.WhenAll(
                    cluster.Workers.Select(
                        (address, index) => index == cluster.Index ? Task.FromResult<string?>(null) : Connect(address, limit.Token)
                    )
                )
            )
            .GetAwaiter()
            .GetResult();
        string[] missing =
        [
            .. problems
                .Select((problem, index) => problem is null ? null : $"worker {index} at {cluster.Workers[index]} ({problem})")
                .OfType<string>(),
        ];
        if (missing.Length > 0)
            throw new TensorFlowException(
                TensorFlowErrorCode.Unavailable,
                $"Worker {cluster.Index} of {cluster.Workers.Count} ({cluster.Workers[cluster.Index]}) could not connect within "
                    + $"{cluster.StartTimeout.TotalSeconds:0.#} s to {string.Join(" and to ", missing)}. Start all workers, with this "
                    + $"list of addresses, and check names, ports and firewalls."
            );
    }

    /// <returns>Null, or why there was no connection before the limit.</returns>
    private static async Task<string?> Connect(string address, CancellationToken limit)
    {
        (string host, int port) = TensorFlowCluster.EndPoint(address)!.Value;
        string problem = "no answer";
        while (!limit.IsCancellationRequested)
        {
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(limit);
            attempt.CancelAfter(Attempt);
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(host, port, attempt.Token).ConfigureAwait(false);
                return null;
            }
            catch (SocketException error)
            {
                problem = error.Message;
            }
            catch (OperationCanceledException)
            {
                // The attempt took too long: the problem is that of an earlier one, or no answer.
            }
            await Task.Delay(Pause, CancellationToken.None).ConfigureAwait(false);
        }
        return problem;
    }
}
