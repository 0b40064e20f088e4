using MLNetExtensions.Training;
using MLNetExtensions.Training.Optimizers;

namespace MLNetExtensions.TensorFlow.Tests;

/// <summary>Measures the process: no other test may run beside it.</summary>
[Collection(Alone.Name)]
public sealed class SessionMemoryTests
{
    [Fact]
    public void Steps_and_predictions_keep_no_memory()
    {
        // An input of 3 MB a step: 300 kept ones would be 900 MB.
        TrainingBatch batch = Batches.Random(1, 4096, SmallNetwork.RowSize, SmallNetwork.Classes);
        using ITrainingSession session = SmallNetwork.CreateSession(new TrainingSessionOptions { Optimizer = new Adam() }, dropout: true);
        float[] output = new float[4096 * SmallNetwork.Classes];
        Work(30);
        Assert.InRange(ProcessMemory.LeastGrowth(() => Work(300)), long.MinValue, 25L << 20);

        void Work(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                session.Step(batch, 1e-3f);
                if (i % 10 == 0)
                    session.Predict(batch, output);
            }
        }
    }

    [Fact]
    public void Ten_thousand_steps_keep_no_memory()
    {
        // 4 KB kept a step would be 36 MB.
        TrainingBatch batch = Batches.Random(1, 4, SmallNetwork.RowSize, SmallNetwork.Classes);
        using ITrainingSession session = SmallNetwork.CreateSession(new TrainingSessionOptions { Optimizer = new Adam() }, dropout: true);
        Work(1000);
        long before = Environment.WorkingSet;
        Work(9000);
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 25L << 20);

        void Work(int steps)
        {
            for (int i = 0; i < steps; i++)
                session.Step(batch, 1e-3f);
        }
    }

    [Fact]
    public void Sessions_give_their_memory_back()
    {
        TrainingBatch batch = Batches.Random(1, 64, SmallNetwork.RowSize, SmallNetwork.Classes);
        Work(30);
        Assert.InRange(ProcessMemory.LeastGrowth(() => Work(200)), long.MinValue, 25L << 20);

        void Work(int sessions)
        {
            for (int i = 0; i < sessions; i++)
            {
                using ITrainingSession session = SmallNetwork.CreateSession(
                    new TrainingSessionOptions { Optimizer = new Adam() },
                    dropout: true
                );
                session.Step(batch, 1e-3f);
                session.ReadState();
                Batches.Predict(session, batch, SmallNetwork.Classes);
            }
        }
    }
}
