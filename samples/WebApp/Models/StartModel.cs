using Microsoft.EntityFrameworkCore;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Backbones;
using MLNetExtensions.Scoring.Decoding;
using MLNetExtensions.Scoring.ScoreOnnx;
using WebAppSample.Storage;

namespace WebAppSample.Models;

/// <summary>
/// The model to start with: the one that answered last, or, in a new folder, a small network of CIFAR-10's ten classes, so that there is
/// something to try before anything is trained.
/// </summary>
internal sealed class StartModel
{
    // In CIFAR-10's order.
    private static readonly string[] Cifar10 = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    private readonly Lazy<string> _file;

    public StartModel(MLContext ml, DataFolder folder, IDbContextFactory<AppDatabase> databases) =>
        _file = new Lazy<string>(() => Find(ml, folder, databases));

    /// <summary>The model's file.</summary>
    public string File => _file.Value;

    private static string Find(MLContext ml, DataFolder folder, IDbContextFactory<AppDatabase> databases)
    {
        using AppDatabase database = databases.CreateDbContext();
        database.Database.EnsureCreated();
        TrainingRun? active = database.Runs.SingleOrDefault(run => run.IsActive);
        if (active is null)
        {
            active = new TrainingRun
            {
                Name = "CIFAR-10, comes with the sample",
                Backbone = "cifarnet_cifar10",
                State = RunState.Completed,
                CreatedAt = DateTime.UtcNow,
                Classes = Cifar10.Length,
                ModelFile = "model.onnx",
                IsActive = true,
            };
            database.Add(active);
            database.SaveChanges();
            Directory.CreateDirectory(folder.Model(active.Id));
            Write(ml, folder.ModelFile(active.Id, active.ModelFile));
        }
        return folder.ModelFile(active.Id, active.ModelFile!);
    }

    /// <summary>Writes the network with its preprocessing, probabilities and classes inside.</summary>
    private static void Write(MLContext ml, string path)
    {
        Backbone network = Backbone.FromCatalog("cifarnet_cifar10");
        IDataView noRows = ml.Data.LoadFromEnumerable(Array.Empty<ImagePath>());
        using ScoreOnnxTransformer scorer = ml
            .Transforms.ScoreOnnx(
                new ScoreOnnxOptions
                {
                    Model = network.Graph,
                    Inputs = [new OnnxInput { ColumnName = nameof(ImagePath.Path), Preprocessing = network.Preprocessing }],
                    Decoding = new ClassificationDecoding { ApplySoftmax = true, Labels = Cifar10 },
                }
            )
            .Fit(noRows);
        scorer.ExportOnnx(path);
    }

    private sealed class ImagePath
    {
        public string Path { get; set; } = "";
    }
}
