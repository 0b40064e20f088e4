using System.Diagnostics;
using MLNetExtensions.Networks;
using MLNetExtensions.Networks.Initializers;
using MLNetExtensions.Onnx;
using MLNetExtensions.TorchSharp;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Optimizers;

namespace Cifar10;

/// <summary>A network in training. The clock runs while it is made and trained, not while it is measured.</summary>
internal sealed class Classifier : IDisposable
{
    private const int WhiteningPictures = 2000;

    private readonly Recipe _recipe;
    private readonly PictureSet _training;
    private readonly int _seed;
    private readonly Random _random;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly OnnxGraph _graph;
    private readonly ITrainingSession _session;
    private readonly WeightAverage _average;
    private readonly CrossEntropy _loss;

    public Classifier(Recipe recipe, PictureSet training, int seed)
    {
        (_recipe, _training, _seed, _random, _loss) = (recipe, training, seed, new Random(seed), new CrossEntropy(recipe.LabelSmoothing));
        TotalSteps = (int)(recipe.Epochs * StepsPerEpoch);

        float[] sample = new float[WhiteningPictures * PictureSet.Size];
        for (int i = 0; i < WhiteningPictures; i++)
            BatchMaker.Write(training, _random.Next(training.Count), false, 0, 0, sample.AsSpan(i * PictureSet.Size, PictureSet.Size));
        _graph = new CifarNet { Widths = recipe.Widths, Whitening = PatchWhitening.Of(sample, PictureSet.Channels, PictureSet.Side, PictureSet.Side) }
            .Build(PictureSet.Classes.Length, PictureSet.Channels, PictureSet.Side, PictureSet.Side, seed);
        string[] biases = [.. _graph.Initializers.Keys.Where(name => name.Contains(".norm") && name.EndsWith(".bias", StringComparison.Ordinal))];
        _session = new TorchSharpRuntime().CreateSession(_graph, new TrainingSessionOptions
        {
            Optimizer = new Sgd { Momentum = recipe.Momentum, Nesterov = true, WeightDecay = recipe.WeightDecay },
            ParameterScales = biases.ToDictionary(name => name, _ => new ParameterScale(recipe.NormBiasRate, 1 / recipe.NormBiasRate)),
            Loss = _loss,
            Seed = seed,
            Threads = recipe.Threads,
        });
        HashSet<string> statistics = [.. _graph.Initializers.Keys.Where(name => name.Contains(".running_"))];
        _average = new WeightAverage(_session, _session.ReadWeights().Keys.Except(statistics));
        _clock.Stop();
    }

    /// <summary>The time spent so far.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    public string Device => _session.Device;

    /// <summary>The steps done.</summary>
    public int Steps { get; private set; }

    /// <summary>The steps of the whole run.</summary>
    public int TotalSteps { get; }

    public bool IsFinished => Steps >= TotalSteps;

    /// <summary>The network with the weights it has now: from standardised pictures to logits.</summary>
    public OnnxGraph Graph
    {
        get
        {
            IReadOnlyDictionary<string, OnnxTensor> weights = _session.ReadWeights();
            return _graph with { Initializers = _graph.Initializers.ToDictionary(i => i.Key, i => weights.GetValueOrDefault(i.Key, i.Value)) };
        }
    }

    private int StepsPerEpoch => _training.Count / _recipe.BatchSize;

    /// <summary>Trains for an epoch, or to the end of the run.</summary>
    /// <returns>The mean loss.</returns>
    public double TrainEpoch()
    {
        _clock.Start();
        int epoch = Steps / StepsPerEpoch, size = _recipe.BatchSize, classes = PictureSet.Classes.Length;
        int[] order = [.. Enumerable.Range(0, _training.Count)];
        _random.Shuffle(order);
        float[] pixels = new float[size * PictureSet.Size], targets = new float[size * classes];
        int[] labels = new int[size];
        double sum = 0;
        int count = 0;
        // The few pictures that fill no batch get their turn in another epoch's order.
        for (; count < StepsPerEpoch && !IsFinished; count++)
        {
            for (int i = 0; i < size; i++)
            {
                int row = order[count * size + i];
                labels[i] = _training.Labels[row];
                BatchMaker.Write(_training, row, BatchMaker.IsMirrored(row, epoch, _seed), Move(), Move(), pixels.AsSpan(i * PictureSet.Size, PictureSet.Size));
            }
            float weight = _loss.Encode(labels, classes, targets);
            float rate = _recipe.Schedule.RateAt(_recipe.LearningRate, Steps, TotalSteps);
            sum += _session.Step(new TrainingBatch { Count = size, Inputs = [pixels], Targets = targets, TargetWeight = weight }, rate);
            Steps++;
            if (Steps % WeightAverage.Every == 0)
                _average.Update((double)Steps / TotalSteps);
        }
        if (IsFinished)
            _average.Finish();
        _clock.Stop();
        return sum / count;

        int Move() => _random.Next(-_recipe.Translation, _recipe.Translation + 1);
    }

    /// <summary>The share of right answers.</summary>
    /// <param name="pictures">Pictures that were not trained on.</param>
    /// <param name="mirrorToo">Whether the answer is the mean of those for a picture and its mirror image.</param>
    public double Accuracy(PictureSet pictures, bool mirrorToo)
    {
        const int size = 500;
        int classes = PictureSet.Classes.Length, right = 0;
        for (int start = 0; start < pictures.Count; start += size)
        {
            int count = Math.Min(size, pictures.Count - start);
            float[] sums = new float[count * classes], answers = new float[count * classes], pixels = new float[count * PictureSet.Size];
            foreach (bool mirrored in mirrorToo ? [false, true] : (bool[])[false])
            {
                for (int i = 0; i < count; i++)
                    BatchMaker.Write(pictures, start + i, mirrored, 0, 0, pixels.AsSpan(i * PictureSet.Size, PictureSet.Size));
                _session.Predict(new TrainingBatch { Count = count, Inputs = [pixels] }, answers);
                for (int i = 0; i < sums.Length; i++)
                    sums[i] += answers[i];
            }
            for (int i = 0; i < count; i++)
            {
                Span<float> row = sums.AsSpan(i * classes, classes);
                int best = 0;
                for (int c = 1; c < classes; c++)
                    if (row[c] > row[best])
                        best = c;
                right += best == pictures.Labels[start + i] ? 1 : 0;
            }
        }
        return (double)right / pictures.Count;
    }

    public void Dispose() => _session.Dispose();
}
