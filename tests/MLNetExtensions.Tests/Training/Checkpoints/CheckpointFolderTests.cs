using MLNetExtensions.Onnx.Files;
using MLNetExtensions.Training.Callbacks;
using MLNetExtensions.Training.Checkpoints;
using Xunit;

namespace MLNetExtensions.Tests.Training.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private static readonly Dictionary<string, string> Settings = new() { ["BatchSize"] = "8", ["Seed"] = "1" };

    private readonly TestData.TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_newest_is_the_furthest_of_training_whatever_the_clocks_say()
    {
        Train(maxToKeep: 3);
        File.SetLastWriteTimeUtc(At("3-network-step00000012.ckpt"), DateTime.UtcNow.AddYears(1));

        Assert.Equal(["3-network-step00000018.ckpt", "3-network-step00000015.ckpt", "3-network-step00000012.ckpt"], Names());
        Assert.Equal(At("3-network-step00000018.ckpt"), Find(Settings));
    }

    [Fact]
    public void A_file_dated_ahead_does_not_cost_the_new_ones()
    {
        Train(maxToKeep: 1, epochs: 2);
        string early = Assert.Single(Directory.GetFiles(_folder.Path));
        File.SetLastWriteTimeUtc(early, DateTime.UtcNow.AddYears(1));

        Train(maxToKeep: 1);

        Assert.Equal(["3-network-step00000018.ckpt"], Names());
    }

    [Fact]
    public void Only_files_of_the_run_are_deleted()
    {
        Train(maxToKeep: 1, epochs: 2, seed: 2);
        string other = At("3-network-step00000099.ckpt");
        File.Move(Assert.Single(Directory.GetFiles(_folder.Path)), other);
        string[] foreign = [At("model.ckpt"), At("3-network-step00000001.ckpt"), At("epoch=3.ckpt")];
        foreach (string path in foreign)
            File.WriteAllText(path, "of another program");

        Train(maxToKeep: 1);

        Assert.Equal(
            foreign.Append(other).Append(At("3-network-step00000018.ckpt")).Order(StringComparer.Ordinal),
            Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_run_begun_anew_keeps_its_own_and_goes_on_from_them()
    {
        Train(maxToKeep: 2, seed: 2);

        Train(maxToKeep: 2, epochs: 2);

        Assert.Equal(At("3-network-step00000006.ckpt"), Find(Settings));
        Assert.Equal(4, Names().Count);
    }

    [Fact]
    public void One_that_tells_no_position_is_reported_not_passed_over()
    {
        Train(maxToKeep: 1);
        File.WriteAllText(At("last.ckpt"), "damaged");
        var skipped = new List<string>();

        Assert.Throws<CheckpointException>(() => CheckpointFolder.Find(_folder.Path, Settings, orPrevious: false, skipped.Add));
        Assert.Equal(
            At("3-network-step00000018.ckpt"),
            CheckpointFolder.Find(_folder.Path, Settings, orPrevious: true, skipped.Add)!.Value.Path
        );
        Assert.Contains("last.ckpt", Assert.Single(skipped), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runs_do_not_write_into_one_folder()
    {
        using FileLock other = FileLock.TryTake(At(".lock"))!;

        IOException error = Assert.Throws<IOException>(() => Train(maxToKeep: 1));

        Assert.Contains($"'{_folder.Path}' is in use by a run that has not ended", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_checkpoints_of_other_runs_are_an_error_that_says_what_differs()
    {
        Train(maxToKeep: 1, seed: 2);

        CheckpointException error = Assert.Throws<CheckpointException>(() => Find(Settings));

        Assert.Contains("Seed was 2 and is now 1", error.Message, StringComparison.Ordinal);
    }

    private string? Find(Dictionary<string, string> settings) =>
        CheckpointFolder.Find(_folder.Path, settings, orPrevious: false, message => Assert.Fail(message))?.Path;

    private IReadOnlyList<string> Names() => [.. CheckpointFolder.List(_folder.Path).Select(path => Path.GetFileName(path))];

    private void Train(int maxToKeep, int epochs = 6, int seed = 1) =>
        ResumeTests.Train(new CheckpointCallback(_folder.Path) { MaxToKeep = maxToKeep }, epochs: epochs, seed: seed);

    private string At(string name) => Path.Combine(_folder.Path, name);
}
