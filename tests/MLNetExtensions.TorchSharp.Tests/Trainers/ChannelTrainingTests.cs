using System.Buffers.Binary;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.BatchAugmentations;
using MLNetExtensions.Imaging.Augmentations.Operations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Networks.Layers;
using MLNetExtensions.Onnx.Surgery;
using MLNetExtensions.TestData;
using MLNetExtensions.Trainers.Distilling;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Trainers;

/// <summary>Networks of gray images and of images with alpha, trained, saved and loaded.</summary>
public sealed class ChannelTrainingTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly ChannelImages _images = new(24);
    private readonly ReloadedModels _reloaded = new();

    public static TheoryData<string, ImageChannelOrder> Cases => new(ChannelNetworks.Cases.Select(c => (c.Layout, c.Channels)));

    public void Dispose()
    {
        _reloaded.Dispose();
        _images.Dispose();
    }

    [Fact]
    public void Digits_in_gray_are_trained_from_IDX_files()
    {
        (string images, string labels) = DrawDigits(300);
        IDataView digits = _ml.Data.LoadFromIdx(images, labels);

        ITransformer model = _ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                _ml.MulticlassClassification.Trainers.TrainNetwork(
                    new TrainNetworkOptions
                    {
                        Network = new SeedCnn(),
                        Channels = ImageChannelOrder.Gray,
                        ImageWidth = 28,
                        ImageHeight = 28,
                        Epochs = 6,
                        BatchSize = 20,
                        Augmentation = Augment.Compose(new Translate(), new Contrast()),
                    }
                )
            )
            .Fit(digits);

        IDataView scored = model.Transform(digits);
        Assert.True(_ml.MulticlassClassification.Evaluate(scored).MicroAccuracy > 0.95);
        var trained = (TrainNetworkTransformer)((TransformerChain<TrainNetworkTransformer>)model).LastTransformer;
        Assert.Equal([1L, 28, 28], trained.Model.Inputs[0].Shape!.Skip(1).Select(d => d.Size!.Value));
        Near(scored, _reloaded.Of(_ml, model, digits.Schema).Transform(digits));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Heads_are_trained_on_every_layout(string layout, ImageChannelOrder channels) =>
        FineTune(layout, channels, FineTuneLayers.Head);

    [Theory]
    [MemberData(nameof(Cases))]
    public void All_layers_are_trained_on_every_layout(string layout, ImageChannelOrder channels) =>
        FineTune(layout, channels, FineTuneLayers.All);

    [Theory]
    [InlineData(ImageChannelOrder.Gray)]
    [InlineData(ImageChannelOrder.Rgba)]
    public void A_backbone_of_colors_is_trained_on_other_channels(ImageChannelOrder channels)
    {
        Backbone backbone = Backbone
            .FromGraph(ChannelNetworks.Create("nchw", 3), ChannelNetworks.Preprocessing("nchw", ImageChannelOrder.Rgb))
            .WithChannels(channels);
        IDataView data = _images.Paths(_ml);

        using FineTuneTransformer model = _ml.MulticlassClassification.Trainers.FineTune(Options(backbone, FineTuneLayers.All)).Fit(data);

        OnnxTensor before = backbone.Graph.Initializers["conv1.weight"],
            after = model.Model.Initializers["conv1.weight"];
        Assert.Equal(before.Shape, after.Shape);
        (float[] old, float[] trained) = (before.ToFloats(), after.ToFloats());
        for (int channel = 0; channel < before.Shape[1]; channel++)
            Assert.Contains(Enumerable.Range(0, old.Length), i => i / 9 % before.Shape[1] == channel && old[i] != trained[i]);
        Near(model.Transform(data), _reloaded.Of(_ml, model, data.Schema).Transform(data));
    }

    [Theory]
    [InlineData(ImageChannelOrder.Gray)]
    [InlineData(ImageChannelOrder.Rgba)]
    public void Networks_from_scratch_are_augmented_mixed_and_logged(ImageChannelOrder channels)
    {
        IDataView data = _images.Paths(_ml);
        string board = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_images.Rows[0].Image)!, "board")).FullName;
        TrainNetworkOptions options = Scratch(channels);
        (options.Augmentation, options.BatchAugmentation, options.Callbacks) = (
            Augment.Strong(),
            new CutMix(),
            [new TensorBoardCallback(board)]
        );

        using TrainNetworkTransformer model = _ml.TrainNetwork(options).Fit(data);

        Near(model.Transform(data), _reloaded.Of(_ml, model, data.Schema).Transform(data));
        Assert.Single(Directory.GetFiles(board, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_gray_student_learns_from_a_teacher_of_colors()
    {
        IDataView data = _images.Paths(_ml);
        TrainNetworkOptions options = Scratch(ImageChannelOrder.Rgb);
        options.Epochs = 30;
        using TrainNetworkTransformer teacher = _ml.TrainNetwork(options).Fit(data);
        Assert.True(_ml.MulticlassClassification.Evaluate(teacher.Transform(data)).MicroAccuracy > 0.9);
        options = Scratch(ImageChannelOrder.Gray);
        (options.Epochs, options.Distillation) = (30, new KnowledgeDistillation(Backbone.FromGraph(teacher.Model)) { Alpha = 1 });

        using TrainNetworkTransformer student = _ml.TrainNetwork(options).Fit(data);

        Assert.True(_ml.MulticlassClassification.Evaluate(student.Transform(data)).MicroAccuracy > 0.85);
    }

    private void FineTune(string layout, ImageChannelOrder channels, FineTuneLayers layers)
    {
        ImagePreprocessing preprocessing = ChannelNetworks.Preprocessing(layout, channels);
        OnnxGraph network = ChannelNetworks.Create(layout, preprocessing.ChannelCount);
        IDataView data = _images.Paths(_ml);

        using FineTuneTransformer model = _ml
            .MulticlassClassification.Trainers.FineTune(Options(Backbone.FromGraph(network, preprocessing), layers))
            .Fit(data);

        IDataView scored = model.Transform(data);
        // The trained weights in the network as it was, on images made by other means.
        OnnxGraph trained = network.WithWeights(
            model
                .Model.Initializers.Where(i =>
                    network.Initializers.ContainsKey(i.Key) && !i.Key.StartsWith("fc.", StringComparison.Ordinal)
                )
                .ToDictionary()
        );
        float[][] features = ChannelNetworks.Run(trained, _images.Inputs(preprocessing, layout), "flat");
        OnnxTensor[] head =
        [
            .. model.Model.Initializers.Values.Where(i => !network.Initializers.ContainsKey(i.Name) && i.Shape is [3, 8] or [8, 3]),
        ];
        Assert.Single(head);
        float[][] weights = Columns(head[0]);
        float[] bias = model
            .Model.Initializers.Values.Single(i =>
                !network.Initializers.ContainsKey(i.Name)
                && i.Shape is [3]
                && i.ElementType == OnnxElementType.Float
                && !i.Name.StartsWith(StepList.Prefix, StringComparison.Ordinal)
            )
            .ToFloats();
        double temperature = model.Result.Temperature?.Temperature ?? 1;
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        for (int row = 0; row < scores.Length; row++)
        {
            double[] logits =
            [
                .. weights.Select((w, c) => (bias[c] + w.Zip(features[row]).Sum(p => (double)p.First * p.Second)) / temperature),
            ];
            double sum = logits.Sum(Math.Exp);
            for (int c = 0; c < 3; c++)
                Assert.Equal(Math.Exp(logits[c]) / sum, scores[row][c], 1e-4);
        }
        Near(scored, _reloaded.Of(_ml, model, data.Schema).Transform(data));
    }

    /// <summary>For each class its weights.</summary>
    private static float[][] Columns(OnnxTensor head)
    {
        float[] values = head.ToFloats();
        bool isTransposed = head.Shape is [3, 8];
        return
        [
            .. Enumerable
                .Range(0, 3)
                .Select(c => Enumerable.Range(0, 8).Select(f => values[isTransposed ? (c * 8) + f : (f * 3) + c]).ToArray()),
        ];
    }

    private static FineTuneOptions Options(Backbone backbone, FineTuneLayers layers) =>
        new()
        {
            Backbone = backbone,
            TrainableLayers = layers,
            Epochs = 2,
            FreezeEpochs = 10,
            Seed = 4,
            Threads = 1,
        };

    private static TrainNetworkOptions Scratch(ImageChannelOrder channels) =>
        new()
        {
            Network = new SmallNet(),
            Channels = channels,
            ImageWidth = 16,
            ImageHeight = 16,
            Epochs = 2,
            BatchSize = 8,
            LearningRate = 1e-2f,
            Seed = 4,
            Threads = 1,
        };

    private static void Near(IDataView expected, IDataView actual) =>
        Assert.All(
            expected.GetColumn<float[]>("Score").Zip(actual.GetColumn<float[]>("Score")),
            pair => Assert.Equal(pair.First, pair.Second, (a, b) => a.Zip(b).All(p => Math.Abs(p.First - p.Second) < 1e-5f))
        );

    /// <summary>Digits of seven segments, moved and with noise, in MNIST's format.</summary>
    private (string Images, string Labels) DrawDigits(int count)
    {
        // Top, upper left, upper right, middle, lower left, lower right, bottom.
        string[] segments = ["1110111", "0010010", "1011101", "1011011", "0111010"];
        var random = new Random(1);
        var pixels = new byte[count * 28 * 28];
        var labels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % segments.Length);
            (int left, int top) = (random.Next(4, 12), random.Next(2, 8));
            for (int s = 0; s < 7; s++)
                if (segments[labels[i]][s] == '1')
                    for (int along = 0; along < 9; along++)
                    for (int across = 0; across < 2; across++)
                    {
                        bool isFlat = s is 0 or 3 or 6;
                        int x =
                                left
                                + (
                                    isFlat ? along
                                    : s is 2 or 5 ? 8 + across
                                    : across
                                ),
                            y = top + (isFlat ? (s / 3 * 9) + across : (s < 3 ? 0 : 9) + along);
                        pixels[(i * 784) + (y * 28) + x] = (byte)random.Next(150, 256);
                    }
            for (int p = 0; p < 784; p++)
                pixels[(i * 784) + p] = (byte)Math.Min(255, pixels[(i * 784) + p] + random.Next(40));
        }
        string folder = Path.GetDirectoryName(_images.Rows[0].Image)!,
            images = Path.Combine(folder, "images.idx"),
            names = Path.Combine(folder, "labels.idx");
        File.WriteAllBytes(images, [0, 0, 8, 3, .. Size(count), .. Size(28), .. Size(28), .. pixels]);
        File.WriteAllBytes(names, [0, 0, 8, 1, .. Size(count), .. labels]);
        return (images, names);

        static byte[] Size(int size)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, size);
            return bytes;
        }
    }

    /// <summary>Two convolutions, pooling and a linear layer.</summary>
    private sealed record SmallNet : Network
    {
        protected override NetworkValue Declare(NetworkValue images, int outputs) =>
            images.Then(new Conv2D(8, 3), new Relu(), new MaxPool2D(2), new Conv2D(8, 3), new Relu(), new Flatten(), new Dense(outputs));
    }
}
