using System.Diagnostics;
using System.Reflection;
using Microsoft.ML;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Launching;
using MLNetExtensions.TestData;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Callbacks;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace MLNetExtensions.TensorFlow.Tests.Docs;

/// <summary>docs/tensorflow-cluster.md: its C# blocks, its sample and its manifests.</summary>
public sealed class ClusterDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_block_on_training_runs()
    {
        using var images = new ColorImages(12);
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromEnumerable(images.Rows.Select(r => new { ImagePath = r.Image, r.Label }));
        string checkpointFolder = Directory.CreateDirectory(Path.Combine(_folder.Path, "checkpoints")).FullName;

        var cluster = TensorFlowCluster.FromEnvironment(); // TF_CONFIG; null where it is not set: this process alone

        var pipeline = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                ml.MulticlassClassification.Trainers.TrainNetwork(
                    new TrainNetworkOptions
                    {
                        Network = new SeedCnn(),
                        ImageColumnName = "ImagePath",
                        BatchSize = 64, // of all workers together
                        Seed = 1, // the same on all of them
                        ResumeFrom = checkpointFolder, // an empty folder begins anew
                        Callbacks = [new CheckpointCallback(checkpointFolder)], // written by the first worker
                        Runtime = TensorFlowRuntime.Create(new TensorFlowRuntimeOptions { Cluster = cluster }),
                    }
                )
            );

        pipeline.Fit(photos).Dispose();
        Assert.Equal(3, Directory.GetFiles(checkpointFolder).Length);
    }

    [NeedsNothing]
    [Fact]
    public void The_launching_block_compiles() => Assert.NotNull((Func<Task<int>>)LaunchOrWork);

    private static async Task<int> LaunchOrWork()
    {
        if (TensorFlowCluster.FromEnvironment() is null) // not a worker yet: this program starts itself as two
        {
            TensorFlowLaunchResult result = await TensorFlowLauncher.RunAsync(new TensorFlowLauncherOptions { Workers = 2 });
            return result.ExitCode;
        }
        return 0;
    }

    [Fact]
    public async Task The_sample_trains_with_two_workers()
    {
        string output = await RunSample(0, "--output", _folder.Path, "--epochs", "2");
        Assert.Contains("[0] Worker 0 of 2, ", output, StringComparison.Ordinal);
        Assert.Contains("[1] Worker 1 of 2, ", output, StringComparison.Ordinal);
        Assert.Contains("[0] On photos it has not seen: accuracy", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder.Path, "model.zip")));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_folder.Path, "checkpoints")).Length);
    }

    [Fact]
    public async Task The_sample_says_what_is_wrong()
    {
        string missing = Path.Combine(_folder.Path, "nothing"),
            output = await RunSample(1, missing, "--output", _folder.Path, "--workers", "1");
        Assert.Contains(missing, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [NeedsNothing]
    [Fact]
    public void The_compose_file_starts_every_worker_of_its_cluster()
    {
        var services = (Dictionary<object, object>)Assert.Single(Documents("docker-compose.yaml"))["services"];
        Assert.All(
            services.Select((service, index) => ((string)service.Key, (Dictionary<object, object>)service.Value, index)),
            service =>
            {
                (string name, Dictionary<object, object> settings, int index) = service;
                TensorFlowCluster cluster = TensorFlowCluster.Parse(
                    (string)((Dictionary<object, object>)settings["environment"])["TF_CONFIG"]
                );
                Assert.Equal(index, cluster.Index);
                Assert.Equal(services.Keys.Select(worker => $"{worker}:2222"), cluster.Workers);
                Assert.StartsWith(name, cluster.Workers[index], StringComparison.Ordinal);
                Assert.Equal("on-failure", settings["restart"]);
                Assert.Equal("distributed-training", settings["image"]);
            }
        );
        Assert.Equal(2, services.Count);
    }

    [NeedsNothing]
    [Fact]
    public void The_Kubernetes_job_has_a_pod_for_every_worker_of_its_cluster()
    {
        Dictionary<object, object>[] documents = [.. Documents("kubernetes.yaml")];
        Assert.Equal(["Service", "PersistentVolumeClaim", "Job"], documents.Select(d => (string)d["kind"]));
        Dictionary<object, object> service = documents[0],
            claim = documents[1],
            job = documents[2];
        object pod = Value(job, "spec", "template", "spec"),
            container = ((List<object>)Value(pod, "containers"))[0];
        int count = int.Parse((string)Value(job, "spec", "completions"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("Indexed", Value(job, "spec", "completionMode"));
        Assert.Equal($"{count}", Value(job, "spec", "parallelism"));
        Assert.Equal(Value(service, "metadata", "name"), Value(pod, "subdomain"));
        Assert.Equal(Value(job, "metadata", "name"), Value(service, "spec", "selector", "job-name"));
        Assert.Equal(
            Value(claim, "metadata", "name"),
            Value(((List<object>)Value(pod, "volumes"))[0], "persistentVolumeClaim", "claimName")
        );

        var environment = (List<object>)Value(container, "env");
        // A variable can only be used by those behind it.
        Assert.Equal(["WORKER", "TF_CONFIG"], environment.Select(e => (string)Value(e, "name")));
        for (int index = 0; index < count; index++)
        {
            TensorFlowCluster cluster = TensorFlowCluster.Parse(
                ((string)Value(environment[1], "value")).Replace("$(WORKER)", $"{index}", StringComparison.Ordinal)
            );
            Assert.Equal(index, cluster.Index);
            Assert.Equal(
                Enumerable.Range(0, count).Select(i => $"{Value(job, "metadata", "name")}-{i}.{Value(service, "metadata", "name")}:2222"),
                cluster.Workers
            );
        }
    }

    private static object Value(object node, params string[] path) =>
        path.Aggregate(node, (inner, key) => ((Dictionary<object, object>)inner)[key]);

    private static IEnumerable<Dictionary<object, object>> Documents(string name)
    {
        string path = Path.Combine(SharedData.RepositoryRoot, "docs", "samples", "tensorflow-cluster", name);
        IDeserializer deserializer = new DeserializerBuilder().Build();
        return File.ReadAllText(path)
            .Split("\n---\n")
            .Select(text => deserializer.Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(new StringReader(text)))));
    }

    private static async Task<string> RunSample(int expectedExit, params string[] arguments)
    {
        string? configuration = typeof(ClusterDocumentTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration;
        string program = Path.Combine(
            SharedData.RepositoryRoot,
            "samples",
            "DistributedTraining",
            "bin",
            configuration ?? "Debug",
            "net10.0",
            "DistributedTraining.dll"
        );
        using Process process = Process.Start(
            new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(),
            errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        string all = await output + await errors;
        Assert.True(process.ExitCode == expectedExit, all);
        return all;
    }
}
