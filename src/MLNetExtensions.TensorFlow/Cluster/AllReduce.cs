using Google.Protobuf;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Cluster;

/// <summary>The sum of a vector over all workers, which every one of them gets.</summary>
internal sealed class AllReduce(TensorFlowCluster cluster)
{
    private const int Group = 1;

    /// <summary>The sum of a training step, whatever the program: workers meet by this number, and those with other batch sizes have other programs.</summary>
    private const int StepInstance = 1;

    /// <summary>The options of a run with sums in it: which graph it is of, and how long it may take.</summary>
    public byte[] RunOptions { get; } = new RunOptions
    {
        TimeoutInMs = (long)cluster.Timeout.TotalMilliseconds,
        Experimental = new RunOptions.Types.Experimental { CollectiveGraphKey = 1 },
    }.ToByteArray();

    /// <summary>The number of workers.</summary>
    public int Workers => cluster.Workers.Count;

    /// <summary>Adds the sum of a training step's vector, of which a run makes one.</summary>
    public Symbol Sum(Symbol vector) => vector.Graph.Op("CollectiveReduce").Input(vector)
        .Set("group_size", cluster.Workers.Count).Set("group_key", Group).Set("instance_key", StepInstance)
        .Set("merge_op", "Add").Set("final_op", "Id").Set("subdiv_offsets", new long[] { 0 }).Set("timeout_seconds", (float)cluster.Timeout.TotalSeconds)
        .On(ClusterServer.DeviceOf(cluster.Index) + "/device:CPU:0").Output();
}
