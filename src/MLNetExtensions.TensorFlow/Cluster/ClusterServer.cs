using System.Runtime.InteropServices;
using Google.Protobuf;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Cluster;

/// <summary>
/// This process's TensorFlow server in a cluster. TensorFlow cannot shut one down, so it lives as long as the process and serves every
/// session of the same cluster. Its devices, with their threads and their GPU's memory, are those of the first session.
/// </summary>
internal sealed unsafe class ClusterServer
{
    private static readonly Dictionary<string, ClusterServer> Running = [];

    private ClusterServer(TensorFlowCluster cluster, byte[] config)
    {
        byte[] bytes = Definition(cluster, config).ToByteArray();
        using var status = new Status();
        IntPtr server;
        fixed (byte* first = bytes)
            server = NativeMethods.TF_NewServer(first, (nuint)bytes.Length, status.Handle);
        status.Check($"The server on {cluster.Workers[cluster.Index]} (is the port in use?)");
        NativeMethods.TF_ServerStart(server, status.Handle);
        status.Check($"The server on {cluster.Workers[cluster.Index]}");
        Target = Marshal.PtrToStringUTF8(NativeMethods.TF_ServerTarget(server)) ?? "";
    }

    /// <summary>The address that a session connects to.</summary>
    public string Target { get; }

    /// <summary>The server of a cluster's worker, started at the first call.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="config">The sessions' serialized ConfigProto, as <see cref="Config"/> makes it.</param>
    /// <exception cref="TensorFlowException">It cannot listen on its address.</exception>
    public static ClusterServer Of(TensorFlowCluster cluster, byte[] config)
    {
        string key = $"{cluster.Index}@{string.Join(',', cluster.Workers)}";
        lock (Running)
        {
            if (!Running.TryGetValue(key, out ClusterServer? server))
                Running.Add(key, server = new ClusterServer(cluster, config));
            return server;
        }
    }

    /// <summary>The server's definition: the cluster, its own place in it, and its device configuration.</summary>
    public static ServerDef Definition(TensorFlowCluster cluster, byte[] config)
    {
        var job = new JobDef { Name = "worker" };
        for (int i = 0; i < cluster.Workers.Count; i++)
            job.Tasks.Add(i, cluster.Workers[i]);
        return new ServerDef
        {
            JobName = "worker",
            TaskIndex = cluster.Index,
            Protocol = "grpc",
            DefaultSessionConfig = ConfigProto.Parser.ParseFrom(config),
            Cluster = new ClusterDef { Job = { job } },
        };
    }

    /// <summary>The device of a worker's ops.</summary>
    public static string DeviceOf(int index) => $"/job:worker/replica:0/task:{index}";

    /// <summary>
    /// A session's configuration within a cluster: it sees its own worker only, and the first worker agrees with the others on who takes
    /// part.
    /// </summary>
    public static ConfigProto Config(ConfigProto config, TensorFlowCluster cluster)
    {
        config.DeviceFilters.Add($"/job:worker/task:{cluster.Index}");
        config.Experimental = new ConfigProto.Types.Experimental { CollectiveGroupLeader = DeviceOf(0) };
        config.IsolateSessionState = true;
        return config;
    }
}
