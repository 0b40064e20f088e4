using System.Runtime.InteropServices;
using Google.Protobuf;
using MLNetExtensions.TensorFlow.Native;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Cluster;

/// <summary>
/// This process's TensorFlow server in a cluster. TensorFlow cannot shut one down, so it lives as long as the process and serves every session of the
/// same cluster.
/// </summary>
internal sealed unsafe class ClusterServer
{
    private static readonly Dictionary<string, ClusterServer> Running = [];

    private ClusterServer(TensorFlowCluster cluster)
    {
        var definition = new ServerDef { JobName = "worker", TaskIndex = cluster.Index, Protocol = "grpc", DefaultSessionConfig = Config(new ConfigProto(), cluster) };
        var job = new JobDef { Name = "worker" };
        for (int i = 0; i < cluster.Workers.Count; i++)
            job.Tasks.Add(i, cluster.Workers[i]);
        definition.Cluster = new ClusterDef { Job = { job } };
        byte[] bytes = definition.ToByteArray();
        using var status = new Status();
        IntPtr server;
        fixed (byte* first = bytes)
            server = NativeMethods.TF_NewServer(first, (nuint)bytes.Length, status.Handle);
        status.Check($"The server on {cluster.Workers[cluster.Index]} (is the port in use?)");
        NativeMethods.TF_ServerStart(server, status.Handle);
        status.Check($"The server on {cluster.Workers[cluster.Index]}");
        Target = Marshal.PtrToStringUTF8(NativeMethods.TF_ServerTarget(server)) ?? "";
    }

    /// <summary>What a session connects to.</summary>
    public string Target { get; }

    /// <summary>The server of a cluster's worker, started at the first call.</summary>
    /// <exception cref="TensorFlowException">It cannot listen on its address.</exception>
    public static ClusterServer Of(TensorFlowCluster cluster)
    {
        string key = $"{cluster.Index}@{string.Join(',', cluster.Workers)}";
        lock (Running)
        {
            if (!Running.TryGetValue(key, out ClusterServer? server))
                Running.Add(key, server = new ClusterServer(cluster));
            return server;
        }
    }

    /// <summary>The device of a worker's ops.</summary>
    public static string DeviceOf(int index) => $"/job:worker/replica:0/task:{index}";

    /// <summary>A session's configuration within a cluster: it sees its own worker only, and the first worker agrees with the others on who takes part.</summary>
    public static ConfigProto Config(ConfigProto config, TensorFlowCluster cluster)
    {
        config.DeviceFilters.Add($"/job:worker/task:{cluster.Index}");
        config.Experimental = new ConfigProto.Types.Experimental { CollectiveGroupLeader = DeviceOf(0) };
        config.IsolateSessionState = true;
        return config;
    }
}
