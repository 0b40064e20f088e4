using MLNetExtensions.Onnx;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TrainingContract;

public class WeightAveragingTests
{
    [Fact]
    public void The_mean_of_the_last_weights_is_what_predicts()
    {
        // The same steps without averaging tell the weights of each step.
        using ITrainingSession plain = SmallNetwork.CreateSession(new TrainingSessionOptions { Optimizer = new Adam() });
        using ITrainingSession session = SmallNetwork.CreateSession(
            new TrainingSessionOptions { Optimizer = new Adam(), WeightAveraging = new StochasticWeightAveraging(2, 2) }
        );
        var taken = new List<IReadOnlyDictionary<string, OnnxTensor>>();
        TrainingBatch batch = Batch(9);
        for (int step = 1; step <= 7; step++)
        {
            Assert.Equal(plain.Step(Batch(step), 0.05f), session.Step(Batch(step), 0.05f));
            if (step is 2 or 4 or 6)
                taken.Add(plain.ReadWeights());
            if (step == 1)
                AssertClose(plain.ReadWeights(), session.ReadWeights());
            // Predictions between the steps do not disturb training.
            Predict(session, batch);
        }
        Dictionary<string, OnnxTensor> mean = taken[0]
            .Keys.ToDictionary(
                name => name,
                name => OnnxTensor.FromFloats(name, [.. taken[0][name].Shape], Mean([.. taken.Select(w => w[name].ToFloats())]))
            );
        AssertClose(mean, session.ReadWeights());
        float[] predicted = Predict(session, batch);
        Assert.NotEqual(Predict(plain, batch), predicted);
        plain.WriteWeights(mean);
        Assert.Equal(Predict(plain, batch), predicted, (a, b) => Math.Abs(a - b) < 1e-4f);
    }

    [Fact]
    public void A_moving_average_follows_by_its_decay()
    {
        using ITrainingSession plain = SmallNetwork.CreateSession(new TrainingSessionOptions());
        using ITrainingSession session = SmallNetwork.CreateSession(
            new TrainingSessionOptions { WeightAveraging = new ExponentialMovingAverage(0.25f) }
        );
        float average = plain.ReadWeights()["fc.bias"].ToFloats()[0];
        for (int step = 1; step <= 4; step++)
        {
            plain.Step(Batch(step), 0.5f);
            session.Step(Batch(step), 0.5f);
            // (1 + 1) / (10 + 1) is below the decay, (1 + 2) / (10 + 2) is the decay.
            float decay = step == 1 ? 2f / 11 : 0.25f;
            average = decay * average + (1 - decay) * plain.ReadWeights()["fc.bias"].ToFloats()[0];
        }
        Assert.Equal(average, session.ReadWeights()["fc.bias"].ToFloats()[0], 1e-5f);
    }

    [Fact]
    public void Weights_put_back_are_average_and_start()
    {
        using ITrainingSession plain = SmallNetwork.CreateSession(new TrainingSessionOptions());
        using ITrainingSession session = SmallNetwork.CreateSession(
            new TrainingSessionOptions { WeightAveraging = new ExponentialMovingAverage() }
        );
        IReadOnlyDictionary<string, OnnxTensor> start = plain.ReadWeights();
        for (int step = 0; step < 3; step++)
            session.Step(Batch(step), 0.5f);
        session.WriteWeights(start);
        AssertClose(start, session.ReadWeights());
        Assert.Equal(Predict(plain, Batch(1)), Predict(session, Batch(1)));
        Assert.Equal(plain.Step(Batch(1), 0.5f), session.Step(Batch(1), 0.5f));
    }

    private static float[] Mean(float[][] vectors) => [.. Enumerable.Range(0, vectors[0].Length).Select(i => vectors.Average(v => v[i]))];

    private static TrainingBatch Batch(int seed) => Batches.Random(seed, 8, SmallNetwork.RowSize, SmallNetwork.Classes);

    private static float[] Predict(ITrainingSession session, TrainingBatch batch) => Batches.Predict(session, batch, SmallNetwork.Classes);

    private static void AssertClose(IReadOnlyDictionary<string, OnnxTensor> expected, IReadOnlyDictionary<string, OnnxTensor> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach ((string name, OnnxTensor value) in expected)
            Assert.Equal(value.ToFloats(), actual[name].ToFloats(), (a, b) => Math.Abs(a - b) < 1e-5f);
    }
}
