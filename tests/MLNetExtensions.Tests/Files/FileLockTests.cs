using MLNetExtensions.Onnx.Files;
using Xunit;

namespace MLNetExtensions.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly TestData.TemporaryFolder _folder = new();

    private string Target => Path.Combine(_folder.Path, ".lock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_has_it_until_it_is_given_back()
    {
        using (FileLock? first = FileLock.TryTake(Target))
        {
            Assert.NotNull(first);
            Assert.Null(FileLock.TryTake(Target));
        }
        using FileLock? again = FileLock.TryTake(Target);
        Assert.NotNull(again);
    }

    [Fact]
    public void It_is_kept_when_memory_is_collected()
    {
        using FileLock? first = FileLock.TryTake(Target);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Null(FileLock.TryTake(Target));
    }

    [Fact]
    public void What_a_killed_process_leaves_is_no_lock()
    {
        File.WriteAllText(Target, "left");

        using FileLock? taken = FileLock.TryTake(Target);

        Assert.NotNull(taken);
    }

    [Fact]
    public void Of_many_at_once_one_has_it()
    {
        int holders = 0,
            most = 0,
            taken = 0;
        Parallel.For(
            0,
            2000,
            _ =>
            {
                using FileLock? own = FileLock.TryTake(Target);
                if (own is null)
                    return;
                int now = Interlocked.Increment(ref holders);
                InterlockedMax(ref most, now);
                Interlocked.Increment(ref taken);
                Thread.SpinWait(100);
                Interlocked.Decrement(ref holders);
            }
        );

        Assert.Equal(1, most);
        Assert.True(taken >= 1);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen = target; value > seen; seen = target)
            Interlocked.CompareExchange(ref target, value, seen);
    }
}
