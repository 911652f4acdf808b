@echo off
rem batch: the batch language of COMMAND.COM.
:: Tests: ECHO, REM, IF (strings, EXIST, ERRORLEVEL, NOT), FOR, GOTO, SHIFT, %1, %VAR%, CALL, redirection and pipes.
:: Needs: CHILD.COM
:: Args: one two three
:: Status: 42
echo arguments: %1 %2 %3 [%4]
if "%1"=="one" echo if equal
if not "%1"=="two" echo if not equal
if "%1"=="ONE" echo FAILED: case counts
if exist child.com echo if exist
if not exist nothing.xyz echo if not exist
set TESTVAR=from batch
child a b
if errorlevel 42 echo errorlevel 42
if errorlevel 43 echo FAILED: errorlevel 43
if errorlevel 1 echo errorlevel at least 1
for %%f in (x y z) do echo for %%f
for %%f in (child.c?m) do echo found %%f
goto over
echo FAILED: goto
:over
echo before shift %1
shift
echo after shift %1 %2
echo one line > out.tmp
echo another >> out.tmp
type out.tmp
del out.tmp
if exist out.tmp echo FAILED: del
echo echo in the called file, with %%1 > called.bat
call called.bat parameter
del called.bat
set TESTVAR=
echo [%TESTVAR%]
echo a percent sign: 50%%
goto end
echo FAILED: the end
:end
echo.
echo done
