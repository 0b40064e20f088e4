using Microsoft.ML;
using MLNetExtensions.Tool.Invocation;
using MLNetExtensions.Tool.Runs;
using MLNetExtensions.Tool.Settings;

namespace MLNetExtensions.Tool.Data;

/// <summary>The labeled images that a verb after training works on.</summary>
internal static class LabeledImages
{
    /// <summary>The images that a run held out, unless a user names others.</summary>
    /// <exception cref="UsageException">There are none.</exception>
    public static IDataView ToMeasure(MLContext ml, string? data, RunFolder? run)
    {
        if (data is not null)
            return ImageFiles.Load(ml, data, "the folder");
        if (run is not null && run.ReadSettings().Text(TrainSettings.TestData) is { } test)
            return ImageFiles.Load(ml, test, $"test-data in '{run.Config}'");
        if (run is not null && File.Exists(run.TestList))
            return ImageFiles.Load(ml, run.TestList, "the run's list of held out images");
        throw new UsageException(
            "Name the images to measure with: a folder with a sub-folder for each class. The model's run held out none."
        );
    }

    /// <summary>The images that a run trained on, without those that it held out, unless a user names others.</summary>
    /// <exception cref="UsageException">There are none.</exception>
    public static IDataView ToTrain(MLContext ml, string? data, RunFolder? run)
    {
        if (data is not null)
            return ImageFiles.Open(ml, data, "the folder").Train;
        if (run is null)
            throw new UsageException("Name images like those of training: a folder with a sub-folder for each class.");
        IDataView images = ImageFiles.Open(ml, run.ReadSettings().Text(TrainSettings.Data)!, $"data in '{run.Config}'").Train;
        if (!File.Exists(run.TestList) || ImageFiles.ImageColumnOf(images) != "ImagePath")
            return images;
        HashSet<string> heldOut = [.. ImageFiles.Texts(ImageFiles.Load(ml, run.TestList, "the run's list"), "ImagePath")];
        return ml.Data.LoadFromEnumerable(
            ImageFiles
                .Texts(images, "ImagePath")
                .Zip(ImageFiles.Texts(images, "Label"), (path, label) => new LabeledImage { ImagePath = path, Label = label })
                .Where(image => !heldOut.Contains(image.ImagePath))
        );
    }
}
