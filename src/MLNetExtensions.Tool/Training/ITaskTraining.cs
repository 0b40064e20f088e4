using Microsoft.ML;
using MLNetExtensions.Backbones;
using MLNetExtensions.Tool.Data;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Trainers;

namespace MLNetExtensions.Tool.Training;

/// <summary>What a task does in its own way, within a run that is the same for all tasks.</summary>
internal interface ITaskTraining
{
    /// <summary>The pretrained network; there after <see cref="Prepare"/>.</summary>
    Backbone Backbone { get; }

    /// <summary>The trainer's options; there after <see cref="Prepare"/>.</summary>
    TrainerOptions Options { get; }

    /// <summary>How the backbone is trained, in words; there after <see cref="Prepare"/>.</summary>
    string BackboneText { get; }

    /// <summary>The column whose values a split keeps in proportion; null for none.</summary>
    string? StratifyColumn { get; }

    /// <summary>Opens the images that the settings name, in the parts that they come in.</summary>
    /// <exception cref="UsageException">There are none that the task can use.</exception>
    ImageSet Open(MLContext ml);

    /// <summary>Opens the images of another setting, with the classes of those to train on.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="setting">The setting with their path.</param>
    /// <param name="train">The images to train on.</param>
    IDataView OpenOther(MLContext ml, string setting, IDataView train);

    /// <summary>Checks the images and the settings, before there is a folder.</summary>
    /// <returns>The images in words.</returns>
    /// <exception cref="UsageException">Something cannot be trained.</exception>
    string Prepare(MLContext ml, ImageSet images);

    /// <summary>Writes the list of the images that are held out.</summary>
    void WriteTestList(ImageSet images, RunFolder run);

    /// <summary>Trains.</summary>
    ITrainedModel Fit(MLContext ml, ImageSet images);
}
