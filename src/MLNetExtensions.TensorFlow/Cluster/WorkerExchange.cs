using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MLNetExtensions.Training;

namespace MLNetExtensions.TensorFlow.Cluster;

/// <summary>The messages between workers besides their steps: sums of a few values, and the check that their settings agree.</summary>
internal sealed class WorkerExchange : IWorkers
{
    /// <summary>The characters of a value that an error shows.</summary>
    private const int ShownLength = 150;

    private readonly TensorFlowCluster _cluster;
    private readonly TensorFlowGraph _graph = new();
    private readonly GraphSession _session;
    private readonly AllReduce _reduce;
    private readonly Dictionary<(int Length, TimeSpan Limit), (Symbol Input, Symbol Output)> _sums = [];

    /// <param name="cluster">The cluster; this worker's server runs.</param>
    /// <param name="config">The sessions' serialized ConfigProto.</param>
    public WorkerExchange(TensorFlowCluster cluster, byte[] config)
    {
        _cluster = cluster;
        _reduce = new AllReduce(cluster);
        _graph.Device = ClusterServer.DeviceOf(cluster.Index);
        TimeSpan longest = cluster.StartTimeout > cluster.Timeout ? cluster.StartTimeout : cluster.Timeout;
        _session = new GraphSession(
            _graph,
            config,
            ClusterServer.Of(cluster, config).Target,
            AllReduce.RunOptions(AllReduce.ExchangeGraph, longest)
        );
    }

    public int WorldSize => _cluster.Workers.Count;

    public int Rank => _cluster.Index;

    /// <summary>Replaces values by their sums over all workers.</summary>
    public void AllReduceSum(Span<double> values) => Sum(values, _cluster.Timeout);

    /// <summary>Waits for all workers, as long as a start may take, and compares settings.</summary>
    public void Meet(IReadOnlyDictionary<string, string> settings)
    {
        ClusterConnections.Await(_cluster);
        Sum(new double[1], _cluster.StartTimeout);
        CheckEqual(settings);
    }

    /// <summary>See <see cref="IWorkers.CheckEqual"/>.</summary>
    public void CheckEqual(IReadOnlyDictionary<string, string> settings)
    {
        KeyValuePair<string, string>[] ordered = [.. settings.OrderBy(s => s.Key, StringComparer.Ordinal)];
        string names = string.Join(", ", ordered.Select(s => s.Key));
        // Settings of different numbers could not be compared one by one.
        if (Different(Gather([Digest(names)]), 0))
            throw new InvalidOperationException(
                $"The workers of the cluster do not have the same kinds of settings: {Show("the names", Texts([names])[0])}. Run the "
                    + $"same program on all of them."
            );
        double[][] digests = Gather([.. ordered.Select(s => Digest(s.Value))]);
        int[] different = [.. Enumerable.Range(0, ordered.Length).Where(i => Different(digests, i))];
        if (different.Length == 0)
            return;
        string[][] values = Texts([.. different.Select(i => ordered[i].Value)]);
        throw new InvalidOperationException(
            $"The workers of the cluster differ, so that they cannot train together: "
                + $"{string.Join("; ", different.Select((setting, i) => Show(ordered[setting].Key, values[i])))}. "
                + "All must have the same data and settings."
        );
    }

    public void Dispose()
    {
        _session.Dispose();
        _graph.Dispose();
    }

    private void Sum(Span<double> values, TimeSpan limit)
    {
        // Few sizes, however many values there are: the graph only grows.
        int length = (int)BitOperations.RoundUpToPowerOf2((uint)values.Length);
        if (!_sums.TryGetValue((length, limit), out (Symbol Input, Symbol Output) sum))
        {
            Symbol input = _graph.Placeholder(DataType.Double, length);
            _sums[(length, limit)] = sum = (input, _reduce.Sum(input, AllReduce.FirstExchange + BitOperations.Log2((uint)length), limit));
        }
        using Tensor fed = Tensor.Allocate(DataType.Double, [length]);
        Span<double> memory = MemoryMarshal.Cast<byte, double>(fed.Bytes);
        memory.Clear();
        values.CopyTo(memory);
        try
        {
            using Tensor summed = _session.RunTogether((sum.Input, fed), sum.Output);
            MemoryMarshal.Cast<byte, double>(summed.Bytes)[..values.Length].CopyTo(values);
        }
        catch (TensorFlowException error) when (!error.IsOwn)
        {
            throw _cluster.NoAnswer(error, limit);
        }
    }

    /// <summary>The values of every worker.</summary>
    private double[][] Gather(double[] own)
    {
        double[] all = new double[_cluster.Workers.Count * own.Length];
        own.CopyTo(all, _cluster.Index * own.Length);
        AllReduceSum(all);
        return [.. all.Chunk(own.Length)];
    }

    /// <summary>The beginnings of texts: for each text, that of every worker.</summary>
    private string[][] Texts(string[] own)
    {
        double[] letters = new double[own.Length * ShownLength];
        for (int text = 0; text < own.Length; text++)
        for (int i = 0; i < Math.Min(own[text].Length, ShownLength); i++)
            letters[text * ShownLength + i] = own[text][i];
        double[][] all = Gather(letters);
        return
        [
            .. Enumerable
                .Range(0, own.Length)
                .Select(text =>
                    all.Select(worker =>
                            string.Concat(
                                worker
                                    .Skip(text * ShownLength)
                                    .Take(ShownLength)
                                    .TakeWhile(letter => letter != 0)
                                    .Select(letter => (char)letter)
                            )
                        )
                        .ToArray()
                ),
        ];
    }

    /// <summary>Lists the workers by value, those with the same value together.</summary>
    private string Show(string name, string[] values) =>
        $"{name} is "
        + string.Join(
            " and ",
            values
                .Select((value, worker) => (value, worker))
                .GroupBy(v => v.value)
                .Select(group =>
                    $"{group.Key} on worker {string.Join(", ", group.Select(v => $"{v.worker} ({_cluster.Workers[v.worker]})"))}"
                )
        );

    private static bool Different(double[][] values, int index) => values.Any(worker => worker[index] != values[0][index]);

    /// <summary>48 bits, which a double holds exactly.</summary>
    private static double Digest(string text) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text))) >> 16;
}
