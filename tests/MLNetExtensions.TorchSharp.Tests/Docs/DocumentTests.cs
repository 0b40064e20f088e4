using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Compression;
using MLNetExtensions.Compression.Float16;
using MLNetExtensions.Compression.Pruning;
using MLNetExtensions.Compression.Quantization;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Networks;
using MLNetExtensions.Onnx.Networks.Architectures;
using MLNetExtensions.Onnx.Passes;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.Export;
using MLNetExtensions.Scoring.ScoreOnnx;
using MLNetExtensions.Tests.Trainers;
using MLNetExtensions.TorchSharp.Tests.Trainers;
using MLNetExtensions.Trainers;
using MLNetExtensions.Trainers.Distilling;
using MLNetExtensions.Trainers.FineTune;
using MLNetExtensions.Trainers.TrainNetwork;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Training.Optimizers;
using MLNetExtensions.Training.TensorBoard;
using MLNetExtensions.TrainingContract.Trainers;

namespace MLNetExtensions.TorchSharp.Tests.Docs;

/// <summary>
/// Every C# block of README.md and of docs stands here or in another test of documents too, compiled and run; a block that differs is a
/// failing test.
/// </summary>
public sealed class DocumentTests : IDisposable
{
    private readonly ColorImages _images = new(30);
    private readonly TemporaryFolder _folder = new();
    private readonly string _backbone;

    public DocumentTests()
    {
        foreach (ColorImages.Row row in _images.Rows)
            _folder.Add(Path.Combine("photos", row.Label, Path.GetFileName(row.Image)), File.ReadAllBytes(row.Image));
        _backbone = Path.Combine(_folder.Path, "backbone.onnx");
        SmallBackbone.Create().Graph.Save(_backbone);
    }

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string> Documents =>
        [
            "README.md",
            .. Directory
                .EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "docs"), "*.md")
                .Select(f => $"docs/{Path.GetFileName(f)}")
                .Order(),
        ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_block_is_tested_here(string document)
    {
        string[] tests = [.. TestFiles().Select(File.ReadAllText)];
        string[][] usings = [.. tests.Select(test => Lines(test).Where(IsUsing).ToArray())];
        string[] code = [.. tests.Select(test => Code(Lines(test)))];
        string text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, document)).ReplaceLineEndings("\n");

        Assert.All(
            text.Split("```csharp\n").Skip(1).Select(b => b[..b.IndexOf("```", StringComparison.Ordinal)]),
            block =>
            {
                string[] lines = Lines(block);
                string wanted = Code(lines.Where(line => !IsHead(line)));
                Assert.True(
                    Enumerable
                        .Range(0, tests.Length)
                        .Any(i => lines.Where(IsUsing).All(usings[i].Contains) && code[i].Contains(wanted, StringComparison.Ordinal)),
                    $"This block of {document} stands in no test of tests/*/Docs:\n{block}"
                );
            }
        );
    }

    [Fact]
    public void The_blocks_on_ImageClassificationTrainer_run()
    {
        var ml = new MLContext(seed: 1);
        string backboneFile = _backbone;
        IDataView photos = ml.Data.LoadFromImageFolder(Path.Combine(_folder.Path, "photos"));
        DataOperationsCatalog.TrainTestData split = ml.Data.TrainTestSplit(photos, testFraction: 0.2);
        var pipeline = ml
            .Transforms.Conversion.MapValueToKey("LabelAsKey", "Label")
            .Append(ml.Transforms.LoadRawImageBytes("Image", null, "ImagePath"))
            .Append(
                ml.MulticlassClassification.Trainers.FineTune(
                    Backbone.FromFile(backboneFile),
                    imageColumnName: "Image",
                    labelColumnName: "LabelAsKey"
                )
            )
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = pipeline.Fit(split.TrainSet);
        string saved = Path.Combine(_folder.Path, "ported.zip");
        ml.Model.Save(model, photos.Schema, saved);

        MulticlassClassificationMetrics before = ml.MulticlassClassification.Evaluate(model.Transform(photos), "LabelAsKey");
        MulticlassClassificationMetrics after = ml.MulticlassClassification.Evaluate(
            ml.Model.Load(saved, out _).Transform(photos),
            "LabelAsKey"
        );

        Assert.True(before.MicroAccuracy > 0.8, $"{before.MicroAccuracy}");
        Assert.Equal(before.MicroAccuracy, after.MicroAccuracy);
    }

    [Fact]
    public void The_block_on_gray_images_runs()
    {
        string imagesFile = Path.Combine(_folder.Path, "images.idx"),
            labelsFile = Path.Combine(_folder.Path, "labels.idx"),
            backboneFile = _backbone;
        // Bright images are 1, dark ones are 0.
        var random = new Random(1);
        File.WriteAllBytes(
            imagesFile,
            [
                0,
                0,
                8,
                3,
                0,
                0,
                0,
                40,
                0,
                0,
                0,
                28,
                0,
                0,
                0,
                28,
                .. Enumerable.Range(0, 40 * 28 * 28).Select(i => (byte)((i / 784 % 2 * 120) + random.Next(100))),
            ]
        );
        File.WriteAllBytes(labelsFile, [0, 0, 8, 1, 0, 0, 0, 40, .. Enumerable.Range(0, 40).Select(i => (byte)(i % 2))]);
        var ml = new MLContext(seed: 1);

        IDataView digits = ml.Data.LoadFromIdx(imagesFile, labelsFile); // MNIST's format
        ITransformer reader = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                ml.MulticlassClassification.Trainers.TrainNetwork(
                    new TrainNetworkOptions
                    {
                        Network = new SeedCnn(),
                        Channels = ImageChannelOrder.Gray,
                        ImageWidth = 28,
                        ImageHeight = 28,
                        Epochs = 5,
                    }
                )
            )
            .Fit(digits);

        Backbone gray = Backbone.FromFile(backboneFile).WithChannels(ImageChannelOrder.Gray); // a network of colors, for gray images

        Assert.True(ml.MulticlassClassification.Evaluate(reader.Transform(digits)).MicroAccuracy > 0.9);
        Assert.Equal(1, gray.Preprocessing.ChannelCount);
    }

    [Fact]
    public void The_block_on_scoring_runs()
    {
        string modelFile = _backbone,
            zipFile = Path.Combine(_folder.Path, "scored.zip"),
            exportFile = Path.Combine(_folder.Path, "exported.onnx"),
            cardFile = Path.Combine(_folder.Path, "card.md");
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(Path.Combine(_folder.Path, "photos"));
        using ScoreOnnxTransformer scorer = ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    ModelFile = modelFile,
                    Inputs =
                    [
                        new OnnxInput
                        {
                            ColumnName = "ImagePath",
                            Preprocessing = new ImagePreprocessing { Width = 16, Height = 16 },
                        },
                    ],
                    Decoding = new ClassificationDecoding { ApplySoftmax = true, TopK = 2 },
                    InvalidImages = InvalidImagePolicy.MissingScore, // or an error when the row is reached
                }
            )
            .Fit(photos);
        IDataView scored = scorer.Transform(photos); // Score, PredictedLabel, TopLabels, TopScores
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        ml.Model.Save(scorer, photos.Schema, zipFile);

        using var loaded = ml.Model.Accelerate(ml.Model.Load(zipFile, out _));
        float[][] again = [.. loaded.Transform(photos).GetColumn<float[]>("Score")];

        scorer.ExportOnnx(exportFile, new OnnxExportOptions { Opset = 18, ModelCardPath = cardFile });

        Assert.Equal(30, scores.Length);
        for (int i = 0; i < 30; i++)
            Assert.Equal(scores[i][0], again[i][0], 1e-5f);
        Assert.True(File.Exists(exportFile) && File.Exists(cardFile));
    }

    [Fact]
    public void The_block_on_fine_tuning_runs()
    {
        string folder = Path.Combine(_folder.Path, "photos"),
            modelFile = Path.Combine(_folder.Path, "model.zip");

        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(folder); // ImagePath, Label (the sub-folder's name)
        var split = ml.Data.TrainTestSplit(photos, testFraction: 0.2);

        var pipeline = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                ml.MulticlassClassification.Trainers.FineTune(
                    new FineTuneOptions
                    {
                        // An ImageNet network that a package brings, or any ONNX image network: Backbone.FromFile("mobilenetv2.onnx").
                        Backbone = Backbone.FromPackage("Microsoft.ML.DnnImageFeaturizer.ResNet18"),
                        ImageColumnName = "ImagePath", // a path, an MLImage, or the bytes of a file
                        TrainableLayers = FineTuneLayers.Head, // or LastStages(n), or All
                    }
                )
            )
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = pipeline.Fit(split.TrainSet);

        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());
        ml.Model.SaveAtomic(model, photos.Schema, modelFile); // whole or not at all; loads anywhere ML.NET's ONNX transformer runs

        Assert.True(metrics.MicroAccuracy > 0.5);
        Assert.True(new FileInfo(modelFile).Length > 1000);
    }

    [Fact]
    public void The_block_on_featurizing_runs()
    {
        string backboneFile = _backbone;
        var ml = new MLContext(seed: 1);

        var featurized = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.ExtractImageFeatures("Features", "ImagePath", Backbone.FromFile(backboneFile)))
            .AppendCacheCheckpoint(ml) // trainers pass many times over the features
            .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy());

        IDataView photos = ml.Data.LoadFromImageFolder(Path.Combine(_folder.Path, "photos"));
        Assert.True(ml.MulticlassClassification.Evaluate(featurized.Fit(photos).Transform(photos)).MicroAccuracy > 0.5);
    }

    [Fact]
    public void The_block_on_training_from_scratch_runs()
    {
        const string run = "run";
        string folder = Path.Combine(_folder.Path, "photos");
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(folder);
        try
        {
            var pipeline = ml
                .Transforms.Conversion.MapValueToKey("Label")
                .Append(
                    ml.MulticlassClassification.Trainers.TrainNetwork(
                        new TrainNetworkOptions
                        {
                            Network = new ResNet9 { Width = 16 },
                            ImageColumnName = "ImagePath",
                            Epochs = 20,
                            ValidationFraction = 0.1f,
                            Augmentation = Augment.Cifar(),
                            Callbacks =
                            [
                                new CheckpointCallback("run/checkpoints"),
                                new TensorBoardCallback("run/board"),
                                new CsvLogCallback("run/log.csv"),
                            ],
                            ResumeFrom = Directory.Exists("run/checkpoints") ? "run/checkpoints" : null,
                        }
                    )
                );

            ITransformer model = pipeline.Fit(photos);
            Assert.NotEmpty(Directory.EnumerateFiles("run/checkpoints"));
            Assert.NotEmpty(Directory.EnumerateFiles("run/board"));
            Assert.Equal(21, File.ReadAllLines("run/log.csv").Length);
            Assert.True(ml.MulticlassClassification.Evaluate(model.Transform(photos)).MicroAccuracy > 0.5);
        }
        finally
        {
            if (Directory.Exists(run))
                Directory.Delete(run, recursive: true);
        }
    }

    [Fact]
    public void The_blocks_on_reports_and_logs_run()
    {
        var ml = new MLContext(seed: 1);
        IDataView listed = ml.Data.LoadFromImageFolder(Path.Combine(_folder.Path, "photos"));
        IDataView photos = ml.Data.LoadFromEnumerable(
            ml.Data.CreateEnumerable<PatientRow>(listed, reuseRowObject: false, ignoreMissingColumns: true)
                .Select(row => new PatientRow
                {
                    ImagePath = row.ImagePath,
                    Label = row.Label,
                    Patient = Path.GetFileName(row.ImagePath),
                })
        );

        DataSplit split = ml.Vision()
            .Split(
                photos,
                new SplitOptions
                {
                    TestFraction = 0.2,
                    ValidationFraction = 0.1,
                    GroupColumnName = "Patient",
                }
            );

        Console.WriteLine(ml.Vision().Inspect(split));

        IDataView keyed = ml.Transforms.Conversion.MapValueToKey("Label").Fit(split.TrainSet).Transform(split.TrainSet);
        using FineTuneTransformer model = ml
            .MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions { Backbone = Backbone.FromFile(_backbone), ImageColumnName = "ImagePath" }
            )
            .Fit(keyed);
        (float loss, long step, int epoch) = (0.5f, 3, 1);
        float[] weights = model.Model.Initializers.Values.First().ToFloats();
        byte[] batch = new byte[2 * 3 * 224 * 224];
        try
        {
            split = new DataSplit(split.TrainSet, split.ValidationSet, keyed);
            ClassificationReport report = ml.Vision().Report(model.Transform(split.TestSet));
            Console.WriteLine(report);

            using var board = new TensorBoardWriter("runs/first");
            board.AddScalar("loss/train", loss, step);
            board.AddHistogram("weights/conv1", weights, step);
            board.AddImageGrid("augmented", batch, width: 224, height: 224, step);
            board.AddConfusionMatrix("confusion", report.Confusion, epoch);
            board.AddGraph(model.Model);
            Assert.NotEmpty(Directory.EnumerateFiles("runs/first"));
        }
        finally
        {
            if (Directory.Exists("runs"))
                Directory.Delete("runs", recursive: true);
        }
    }

    [Fact]
    public void The_block_on_compressing_runs()
    {
        string backboneFile = _backbone;
        var ml = new MLContext(seed: 1);
        IDataView listed = ml.Data.LoadFromImageFolder(Path.Combine(_folder.Path, "photos"));
        IDataView photos = ml.Transforms.Conversion.MapValueToKey("Label").Fit(listed).Transform(listed),
            test = photos;
        using FineTuneTransformer model = ml
            .MulticlassClassification.Trainers.FineTune(
                new FineTuneOptions { Backbone = Backbone.FromFile(backboneFile), ImageColumnName = "ImagePath" }
            )
            .Fit(photos);
        try
        {
            CompressedModel int8 = ml.Vision()
                .Quantize(
                    model.Model,
                    new QuantizeOptions
                    {
                        CalibrationSet = ml.Data.TakeRows(ml.Data.ShuffleRows(photos), 512), // of all classes; training rows serve
                        EvaluationSet = test, // rows that were not trained on
                        ImageColumnName = "ImagePath",
                    }
                );
            Console.WriteLine(int8.Report); // size, time, accuracy before and after
            int8.Model.Save("model.int8.onnx"); // for any program with ONNX Runtime
            using TrainedImageTransformer small = model.WithModel(int8.Model); // for ML.NET: Transform, ml.Model.Save

            CompressedModel half = ml.Vision().ToFloat16(model.Model, new Float16Options { Mode = Float16Mode.Weights });

            CompressedModel tuned8 = ml.Vision()
                .Quantize(
                    model.Model,
                    new QuantizeOptions
                    {
                        CalibrationSet = photos,
                        ImageColumnName = "ImagePath",
                        FineTuning = new QuantizationFineTuning { TrainingSet = photos, Epochs = 3 },
                    }
                );

            Assert.Contains("fine-tuned", tuned8.Report.Method);
            Assert.True(half.Report.SizeAfter < half.Report.SizeBefore);
            Assert.True(new FileInfo("model.int8.onnx").Length > 1000);
            Assert.InRange(
                ml.MulticlassClassification.Evaluate(small.Transform(test)).MicroAccuracy,
                int8.Report.AccuracyAfter!.Value - 1e-6,
                1
            );
        }
        finally
        {
            File.Delete("model.int8.onnx");
        }

        string classifierFile = Path.Combine(_folder.Path, "classifier.onnx");
        SmallCnn.Create(3).Save(classifierFile);
        Backbone network = Backbone.FromFile(classifierFile); // of the label's classes
        CompressedModel pruned = ml.Vision().Prune(network, new PruneOptions { TargetMacsFraction = 0.5 });
        using TrainNetworkTransformer tuned = ml
            .MulticlassClassification.Trainers.TrainNetwork(
                new TrainNetworkOptions
                {
                    CreateGraph = _ => pruned.Model, // its weights are where training goes on from
                    Preprocessing = network.Preprocessing,
                    ImageColumnName = "ImagePath",
                    Augmentation = Augment.Cifar(),
                    Optimizer = new Sgd
                    {
                        Momentum = 0.9f,
                        Nesterov = true,
                        WeightDecay = 1e-4f,
                    },
                    LearningRate = 0.02f,
                    Epochs = 12,
                    Distillation = new KnowledgeDistillation(network) { Alpha = 0.9f }, // the network from before is the teacher
                }
            )
            .Fit(photos);
        Assert.True(tuned.Model.ToBytes().Length < pruned.Report.SizeBefore + 4000);

        OnnxGraph graph = OnnxGraph.Load(backboneFile);
        graph = ConstantFolding.Apply(graph); // arithmetic on weights and shapes, once
        graph = EliminateIdentity.Apply(graph); // Identity, Dropout
        graph = BatchNormFolding.Apply(graph); // into Conv, ConvTranspose, Gemm
        graph = RemoveUnused.Apply(graph); // nodes and weights that no output needs
        Assert.DoesNotContain(graph.Nodes, n => n.OpType == "BatchNormalization");
    }

    private sealed class PatientRow
    {
        public string ImagePath { get; set; } = "";

        public string Label { get; set; } = "";

        public string Patient { get; set; } = "";
    }

    [Fact]
    public void The_blocks_on_own_losses_run()
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(Path.Combine(_folder.Path, "photos"));
        IDataView data = ml.Transforms.Conversion.MapValueToKey("Label").Fit(photos).Transform(photos);
        string lossFile = GoldenFiles.PathOf("losses/focal.onnx");
        var options = new TrainNetworkOptions
        {
            CreateGraph = SmallCnn.Create,
            ImageColumnName = "ImagePath",
            Epochs = 2,
            LearningRate = 0.03f,
            Seed = 1,
        };
        var focal = new OnnxGraph
        {
            Opsets = new Dictionary<string, int> { [""] = 22 },
            Inputs = [OnnxValue.Create("logits", OnnxElementType.Float, -1, -1), OnnxValue.Create("classes", OnnxElementType.Int64, -1)],
            Outputs = [OnnxValue.Create("loss", OnnxElementType.Float, -1)],
            Initializers = new Dictionary<string, OnnxTensor>
            {
                ["one"] = OnnxTensor.FromFloats("one", [], [1]),
                ["gamma"] = OnnxTensor.FromFloats("gamma", [], [2]),
            },
            Nodes =
            [
                // -log(p) of the row's class
                OnnxNode.Create("SoftmaxCrossEntropyLoss", ["logits", "classes"], ["ce"], OnnxAttribute.Of("reduction", "none")),
                OnnxNode.Create("Neg", ["ce"], ["log_p"]),
                OnnxNode.Create("Exp", ["log_p"], ["p"]),
                OnnxNode.Create("Sub", ["one", "p"], ["doubt"]),
                OnnxNode.Create("Pow", ["doubt", "gamma"], ["factor"]),
                OnnxNode.Create("Mul", ["factor", "ce"], ["loss"]),
            ],
        };
        options.Loss = new OnnxLoss(focal);
        double own = LossOf(options);
        options.Loss = new Focal();
        Assert.Equal(LossOf(options), own, 1e-4);
        options.Loss = OnnxLoss.FromFile(lossFile);
        Assert.Equal(LossOf(options), own, 1e-4);
        options.Loss = OnnxLoss.FromFile(lossFile);
        options.BalanceClasses = true; // a value for each row can be weighted
        Assert.True(LossOf(options) > 0);

        double LossOf(TrainNetworkOptions options)
        {
            using TrainNetworkTransformer model = ml.MulticlassClassification.Trainers.TrainNetwork(options).Fit(data);
            return model.Result.History.Epochs[^1].TrainLoss;
        }
    }

    /// <summary>Lines without their indentation and without empty ones.</summary>
    private static string[] Lines(string text) =>
        [.. text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    /// <summary>Code without comments, white space and trailing commas: a document breaks lines where its readers like it.</summary>
    private static string Code(IEnumerable<string> lines) =>
        Regex.Replace(
            Regex.Replace(string.Concat(lines.Select(line => Regex.Replace(line, "(^|\\s)//.*$", ""))), "\\s", ""),
            @",(?=[}\])])",
            ""
        );

    private static bool IsUsing(string line) => line.StartsWith("using ", StringComparison.Ordinal) && IsHead(line);

    /// <summary>
    /// Whether a line is a program's beginning, which a test has elsewhere: the namespaces that it uses, and the files and folders that it
    /// is about.
    /// </summary>
    private static bool IsHead(string line) => Regex.IsMatch(line, """^(using [\w.]+;$|string \w+ = "[^"]*";)""");

    // Blocks that need other packages stand in the tests of those.
    private static IEnumerable<string> TestFiles() =>
        Directory
            .EnumerateDirectories(Path.Combine(SharedData.RepositoryRoot, "tests"))
            .Select(project => Path.Combine(project, "Docs"))
            .Where(Directory.Exists)
            .SelectMany(docs => Directory.EnumerateFiles(docs, "*.cs"));
}
