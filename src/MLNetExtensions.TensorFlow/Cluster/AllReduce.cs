using Google.Protobuf;

namespace MLNetExtensions.TensorFlow.Cluster;

/// <summary>The sum of a vector over all workers, which every one of them gets.</summary>
internal sealed class AllReduce(TensorFlowCluster cluster)
{
    /// <summary>The graph of training steps: workers count the runs of a graph, and meet in those of the same number.</summary>
    public const int StepGraph = 1;

    /// <summary>The graph of what is exchanged beside steps.</summary>
    public const int ExchangeGraph = 2;

    /// <summary>The first of the sums beside steps, which are as many as an array has sizes in powers of two.</summary>
    public const int FirstExchange = 1;

    private const int FirstStep = FirstExchange + 32;

    private const int Group = 1;

    /// <summary>This worker's place.</summary>
    public int Rank => cluster.Index;

    /// <summary>The options of a run with a sum in it.</summary>
    /// <param name="graph">The graph of the run.</param>
    /// <param name="limit">The longest time it may take.</param>
    public static byte[] RunOptions(int graph, TimeSpan limit) =>
        new Proto.RunOptions
        {
            TimeoutInMs = (long)limit.TotalMilliseconds,
            Experimental = new Proto.RunOptions.Types.Experimental { CollectiveGraphKey = graph },
        }.ToByteArray();

    /// <summary>Adds the sum of a vector.</summary>
    /// <param name="vector">This worker's.</param>
    /// <param name="instance">The sum's number, by which workers meet: one of each number in a run.</param>
    /// <param name="limit">The longest wait for the others.</param>
    public Symbol Sum(Symbol vector, int instance, TimeSpan limit) =>
        vector
            .Graph.Op("CollectiveReduce")
            .Input(vector)
            .Set("group_size", cluster.Workers.Count)
            .Set("group_key", Group)
            .Set("instance_key", instance)
            .Set("merge_op", "Add")
            .Set("final_op", "Id")
            .Set("subdiv_offsets", new long[] { 0 })
            .Set("timeout_seconds", (float)limit.TotalSeconds)
            .On(ClusterServer.DeviceOf(cluster.Index) + "/device:CPU:0")
            .Output();

    /// <summary>
    /// Adds the sum of a training step's vector. Its number is that of the vector's values, whatever the program: workers with batches of
    /// other sizes have other programs, and TensorFlow remembers the size of a number for the process's life.
    /// </summary>
    public Symbol SumOfStep(Symbol vector) => Sum(vector, checked(FirstStep + (int)vector.Shape[0]), cluster.Timeout);
}
