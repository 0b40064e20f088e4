using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow.Cluster;
using MLNetExtensions.TensorFlow.Launching;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.Targets;
using MLNetExtensions.TrainingContract.Losses;

namespace MLNetExtensions.TensorFlow.Tests.Cluster;

/// <summary>Steps whose workers have neither equal numbers of rows nor equal weights.</summary>
public class UnevenStepTests
{
    private const int Rows = 16,
        Steps = 12;

    private static readonly float[] ClassWeights = [1, 2, 5, 9];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Workers_with_other_weights_train_as_one_with_all_rows(int accumulation)
    {
        OnnxGraph network = SmallNetwork.Create();
        string[] workers = FreeAddresses.Find(2);
        Task<(float[], IReadOnlyDictionary<string, OnnxTensor>)[]> together = LocalWorkers.Run(
            2,
            index => Train(new TensorFlowCluster(workers, index), step => index == 0 ? Batch(step, ..5) : Batch(step, 5..))
        );
        (float[] losses, IReadOnlyDictionary<string, OnnxTensor> weights) = Train(null, step => Batch(step, ..));

        foreach ((float[] ownLosses, IReadOnlyDictionary<string, OnnxTensor> own) in await together)
        {
            Assert.Equal(losses, ownLosses, (a, b) => Math.Abs(a - b) < 1e-4f);
            Assert.All(weights, w => Assert.Equal(w.Value.ToFloats(), own[w.Key].ToFloats(), (a, b) => Math.Abs(a - b) < 1e-4f));
        }

        (float[], IReadOnlyDictionary<string, OnnxTensor>) Train(TensorFlowCluster? cluster, Func<int, TrainingBatch> batch)
        {
            using ITrainingSession session = TensorFlowRuntime
                .Create(new TensorFlowRuntimeOptions { Cluster = cluster })
                .CreateSession(network, Options(accumulation));
            float[] losses = [.. Enumerable.Range(0, Steps).Select(step => session.Step(batch(step), 0.01f))];
            return (losses, session.ReadWeights());
        }
    }

    [Fact]
    public async Task A_batch_without_weight_does_not_count()
    {
        // The statistics of BatchNorm are those of the other worker alone.
        TrainingSessionOptions options = Options(1);
        options.BatchNorm = BatchNormMode.Train;
        string[] workers = FreeAddresses.Find(2);
        Task<IReadOnlyDictionary<string, OnnxTensor>[]> together = LocalWorkers.Run(
            2,
            index =>
                Train(new TensorFlowCluster(workers, index), step => index == 0 ? Batch(step, ..) : WithoutWeight(Batch(step + 1, ..1)))
        );
        IReadOnlyDictionary<string, OnnxTensor> weights = Train(null, step => Batch(step, ..));
        foreach (IReadOnlyDictionary<string, OnnxTensor> own in await together)
            Assert.All(weights, w => Assert.Equal(w.Value.ToFloats(), own[w.Key].ToFloats(), (a, b) => Math.Abs(a - b) < 1e-5f));

        IReadOnlyDictionary<string, OnnxTensor> Train(TensorFlowCluster? cluster, Func<int, TrainingBatch> batch)
        {
            using ITrainingSession session = TensorFlowRuntime
                .Create(new TensorFlowRuntimeOptions { Cluster = cluster })
                .CreateSession(SmallNetwork.Create(), options);
            for (int step = 0; step < 4; step++)
                session.Step(batch(step), 0.01f);
            return session.ReadWeights();
        }

        static TrainingBatch WithoutWeight(TrainingBatch batch) =>
            new()
            {
                Count = batch.Count,
                Inputs = batch.Inputs,
                Targets = batch.Targets,
                TargetWeight = 0,
            };
    }

    [Theory]
    [InlineData("none", 1)]
    [InlineData("none", 2)]
    [InlineData("mean", 1)]
    public async Task Workers_train_by_the_loss_of_a_graph_as_one_with_all_rows(string reduction, int accumulation)
    {
        TrainingSessionOptions options = Options(accumulation);
        var loss = new OnnxLoss(LossGraphs.CrossEntropy(reduction)) { ClassWeights = reduction == "none" ? ClassWeights : null };
        options.Loss = loss;
        string[] workers = FreeAddresses.Find(2);
        Task<IReadOnlyDictionary<string, OnnxTensor>[]> together = LocalWorkers.Run(
            2,
            index => Train(new TensorFlowCluster(workers, index), index == 0 ? ..5 : 5..)
        );
        IReadOnlyDictionary<string, OnnxTensor> weights = Train(null, ..);
        foreach (IReadOnlyDictionary<string, OnnxTensor> own in await together)
            Assert.All(weights, w => Assert.Equal(w.Value.ToFloats(), own[w.Key].ToFloats(), (a, b) => Math.Abs(a - b) < 1e-4f));

        IReadOnlyDictionary<string, OnnxTensor> Train(TensorFlowCluster? cluster, Range rows)
        {
            using ITrainingSession session = TensorFlowRuntime
                .Create(new TensorFlowRuntimeOptions { Cluster = cluster })
                .CreateSession(SmallNetwork.Create(), options);
            for (int step = 0; step < 4; step++)
                session.Step(OfClasses(step, rows), 0.01f);
            return session.ReadWeights();
        }

        TrainingBatch OfClasses(int step, Range rows)
        {
            (int start, int count) = rows.GetOffsetAndLength(Rows);
            int[] chosen = [.. Enumerable.Range(start, count)];
            var targets = new OnnxLossTargets(
                new ClassTargets([.. Enumerable.Range(0, Rows).Select(row => row % 4)], SmallNetwork.Classes, new CrossEntropy()),
                loss
            );
            float[] encoded = new float[count * targets.TargetWidth(training: true)];
            return new TrainingBatch
            {
                Count = count,
                Inputs = Batch(step, rows).Inputs,
                TargetWeight = targets.Encode(chosen, training: true, encoded),
                Targets = encoded,
            };
        }
    }

    private static TrainingSessionOptions Options(int accumulation) =>
        new()
        {
            Optimizer = new Adam(),
            Loss = new CrossEntropy(0.1f, ClassWeights),
            GradientAccumulation = accumulation,
            Precision = TrainingPrecision.Float32,
            BatchNorm = BatchNormMode.Inference,
        };

    /// <summary>Some rows of a step's batch: light classes first, heavy ones last, and every fourth row masked.</summary>
    private static TrainingBatch Batch(int step, Range range)
    {
        (int start, int count) = range.GetOffsetAndLength(Rows);
        TrainingBatch all = Batches.Random(step, Rows, SmallNetwork.RowSize, SmallNetwork.Classes);
        int[] labels = [.. Enumerable.Range(start, count).Select(row => row * SmallNetwork.Classes / Rows)];
        float[] targets = new float[count * SmallNetwork.Classes];
        float weight = new CrossEntropy(0.1f, ClassWeights).Encode(labels, SmallNetwork.Classes, targets);
        for (int i = 0; i < count; i++)
        {
            if ((start + i + step) % 4 != 0)
                continue;
            targets.AsSpan(i * SmallNetwork.Classes, SmallNetwork.Classes).Clear();
            weight -= ClassWeights[labels[i]];
        }
        return new TrainingBatch
        {
            Count = count,
            Inputs = [all.Inputs[0].Slice(start * SmallNetwork.RowSize, count * SmallNetwork.RowSize)],
            Targets = targets,
            TargetWeight = weight,
        };
    }
}
