using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Launching;

namespace MLNetExtensions.TensorFlow.Tests.Cluster;

/// <summary>The workers of a cluster within this process, each on a thread of its own: they wait for each other.</summary>
internal static class LocalWorkers
{
    /// <summary>Runs a new cluster's workers side by side.</summary>
    public static Task Run(int count, Action<TensorFlowCluster> work)
    {
        string[] workers = FreeAddresses.Find(count);
        return Run(
            count,
            index =>
            {
                work(new TensorFlowCluster(workers, index));
                return true;
            }
        );
    }

    /// <summary>Two workers, neither of which can train with the other: both are told why.</summary>
    public static Task AssertRefused(string reason, Action<TensorFlowCluster> work) =>
        Run(
            2,
            cluster =>
                Assert.Contains(reason, Assert.Throws<InvalidOperationException>(() => work(cluster)).Message, StringComparison.Ordinal)
        );

    /// <summary>Runs something for each worker side by side.</summary>
    public static Task<T[]> Run<T>(int count, Func<int, T> work) =>
        Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(index =>
                    Task.Factory.StartNew(() => work(index), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                )
        );
}
